import { Body, Controller, Delete, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import { PeoplePresence } from '../../identity/users/people-presence.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ContactsRepository } from '../contacts.repository.js';
import { NoteSchema, SaveNote, type WireNote } from './note.dto.js';
import { NotesRepository, type NoteRow } from './notes.repository.js';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** What colleagues write down about a person. They see it all, and may put each other's notes right. */
@Controller('api/v1/accounts/:account_id/contacts/:contact_id/notes')
@MemberOnly()
@ScopeArea('contacts')
export class NotesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly notes: NotesRepository,
    private readonly agents: AgentPresenter, private readonly presence: PeoplePresence,
  ) {}

  /** The newest 200, newest first. */
  @Get()
  @answers(NoteSchema, { isArray: true })
  list(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number): Promise<WireNote[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.find(tx, contactId)) throw notFound();
      return this.present(me, await this.notes.list(tx, contactId));
    });
  }

  @Get(':id')
  @answers(NoteSchema)
  show(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number, @Param('id', { schema: pathId }) id: number): Promise<WireNote> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.one(me, await this.notes.find(tx, contactId, id)));
  }

  @Post()
  @answers(NoteSchema)
  create(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number, @Body({ schema: SaveNote }) body: SaveNote): Promise<WireNote> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.contacts.lock(tx, contactId)) throw notFound();
      return this.one(me, await this.notes.find(tx, contactId, await this.notes.insert(tx, contactId, me.userId, body.content)));
    });
  }

  @Put(':id')
  @answers(NoteSchema)
  replace(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number, @Param('id', { schema: pathId }) id: number, @Body({ schema: SaveNote }) body: SaveNote): Promise<WireNote> {
    return this.update(me, contactId, id, body);
  }

  @Patch(':id')
  @answers(NoteSchema)
  update(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number, @Param('id', { schema: pathId }) id: number, @Body({ schema: SaveNote }) body: SaveNote): Promise<WireNote> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.notes.update(tx, contactId, id, body.content);
      return this.one(me, await this.notes.find(tx, contactId, id));
    });
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('contact_id', { schema: pathId }) contactId: number, @Param('id', { schema: pathId }) id: number): Promise<void> {
    if (!await this.unitOfWork.run(me.accountId, (tx) => this.notes.remove(tx, contactId, id))) throw notFound();
  }

  private async one(me: Member, row: NoteRow | undefined): Promise<WireNote> {
    if (!row) throw notFound();
    return (await this.present(me, [row]))[0]!;
  }

  private async present(me: Member, rows: NoteRow[]): Promise<WireNote[]> {
    const here = await this.presence.present(me.accountId, rows.flatMap((row) => row.author?.id ?? []));
    return rows.map((row) => ({
      id: row.id, account_id: me.accountId, contact_id: row.contact_id, content: row.content, user: row.author && this.agents.present(me.accountId, row.author, here),
      created_at: seconds(row.created_at), updated_at: seconds(row.updated_at),
    }));
  }
}
