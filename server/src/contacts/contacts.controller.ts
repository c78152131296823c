import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import { ReadsOnly, ScopeArea } from '../identity/access/token-scopes.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { InboxesRepository } from '../inboxes/inboxes.repository.js';
import { Clock } from '../platform/clock/clock.js';
import type { Params } from '../platform/database/params.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { prepareFilter } from '../platform/filters/prepare-filter.js';
import { alternatives, compileFilter, onlyIds } from '../platform/filters/compile-filter.js';
import { FilterBody, type Condition } from '../platform/filters/filter.dto.js';
import { AcceptsImage } from '../platform/http/accepts-files.js';
import { answers } from '../platform/http/answers.js';
import { invalid, notFound, unprocessable } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import { Presence } from '../realtime/presence.service.js';
import { AttributesRepository } from './attributes/attributes.repository.js';
import { ContactAvatars } from './contact-avatars.service.js';
import { ContactFaces } from './contact-faces.service.js';
import { contactSetting } from './contact-fields.js';
import { decodeContactCursor } from './contact-order.js';
import { ContactAnswer, ContactList, ContactMatches, CreateContact, CreatedContact, FilterContacts, ListContacts, RemoveAttributes, SearchContacts, UpdateContact, type WireContact } from './contact.dto.js';
import { ContactPresenter } from './contact.presenter.js';
import { CONTACTS_PER_PAGE, ContactsRepository, amongIds, holding, reachable, type ContactRow, type Which } from './contacts.repository.js';
import { IdentitiesRepository } from './identities.repository.js';
import { SaveContact } from './save-contact.service.js';

/** The people of the account. Every member sees them all. */
@Controller('api/v1/accounts/:account_id/contacts')
@MemberOnly()
@ScopeArea('contacts')
export class ContactsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly identities: IdentitiesRepository,
    private readonly save: SaveContact, private readonly inboxes: InboxesRepository,
    private readonly presenter: ContactPresenter, private readonly attributes: AttributesRepository, private readonly clock: Clock, private readonly avatars: ContactAvatars,
    private readonly faces: ContactFaces, private readonly presence: Presence,
  ) {}

  @Get()
  @answers(ContactList)
  list(@CurrentMember() me: Member, @Query({ schema: ListContacts }) query: ListContacts): Promise<z.infer<typeof ContactList>> {
    return this.unitOfWork.run(me.accountId, (tx) => this.page(tx, holding(query.q, reachable(query.labels)), query));
  }

  @Get('search')
  @answers(ContactMatches)
  search(@CurrentMember() me: Member, @Query({ schema: SearchContacts }) query: z.infer<typeof SearchContacts>): Promise<z.infer<typeof ContactMatches>> {
    const q = query.q?.trim();
    if (!q) throw unprocessable('Specify search string with parameter q');
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = await this.contacts.search(tx, q, query.sort, query.page);
      const shown = rows.slice(0, CONTACTS_PER_PAGE);
      return {
        meta: { count: shown.length, current_page: query.page, has_more: rows.length > CONTACTS_PER_PAGE },
        payload: await this.present(tx, shown, query.include_contact_inboxes),
      };
    });
  }

  /** Those who have a chat open now, however they can be reached. */
  @Get('active')
  @answers(ContactList)
  active(@CurrentMember() me: Member, @Query({ schema: ListContacts }) query: ListContacts): Promise<z.infer<typeof ContactList>> {
    return this.unitOfWork.run(me.accountId, (tx) => this.page(tx, holding(query.q, amongIds(this.presence.contactsHere(me.accountId), query.labels)), query));
  }

  @Post('filter')
  @ReadsOnly()
  @answers(ContactList)
  filter(@CurrentMember() me: Member, @Query({ schema: FilterContacts }) query: FilterContacts, @Body({ schema: FilterBody }) body: z.infer<typeof FilterBody>): Promise<z.infer<typeof ContactList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const plain = contactSetting(await this.attributes.list(tx, 'contact_attribute'), this.clock.date());
      const common = await prepareFilter(tx, 'contacts', body.payload, plain);
      const setting = { ...plain, isCommon: (condition: Condition) => common.has(condition) };
      const parts = alternatives(body.payload, setting).map((part) => (params: Params) => {
        // Those whom an index names need not be looked at to be counted.
        const ids = query.q?.trim() ? undefined : onlyIds(part, setting, params);
        return ids ?? `SELECT c.id FROM contacts c WHERE c.account_id = $1 AND ${holding(query.q, (own) => compileFilter(part, setting, own, { finds: true }))(params)}`;
      });
      const { count, ids } = await this.contacts.found(tx, parts);
      return this.page(tx, ids ? amongIds(ids) : holding(query.q, (params) => compileFilter(body.payload, setting, params)), query, count);
    });
  }

  @Post()
  @answers(CreatedContact)
  @AcceptsImage()
  create(@CurrentMember() me: Member, @Body({ schema: CreateContact }) { avatar, avatar_url: address, ...body }: CreateContact): Promise<z.infer<typeof CreatedContact>> {
    return this.avatars.save(me.accountId, avatar, async (tx, avatarKey) => {
      const inbox = body.inbox_id === undefined ? undefined : await this.inboxes.find(tx, body.inbox_id, isAdministrator(me) ? null : me.userId);
      if (body.inbox_id !== undefined && !inbox) throw invalid('inbox_id', 'Inbox does not exist');
      const row = await this.save.create(tx, body, avatarKey);
      if (!avatarKey) this.faces.fetchLater(tx, row, address);
      const identity = inbox && await this.identities.insert(tx, inbox.id, body.source_id ?? randomUUID(), row.id, false);
      if (inbox && !identity) throw invalid('source_id', 'Source has already been taken');
      const [contact] = await this.present(tx, [row], true);
      return {
        payload: {
          contact: contact!,
          contact_inbox: { inbox: inbox ? this.presenter.inbox(inbox) : null, source_id: identity?.source_id ?? null },
        },
      };
    });
  }

  @Get(':id')
  @answers(ContactAnswer)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof ContactAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.answer(tx, await this.contacts.find(tx, id)));
  }

  @Put(':id')
  @answers(ContactAnswer)
  @AcceptsImage()
  replace(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateContact }) body: UpdateContact): Promise<z.infer<typeof ContactAnswer>> {
    return this.update(me, id, body);
  }

  @Patch(':id')
  @answers(ContactAnswer)
  @AcceptsImage()
  update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateContact }) { avatar, avatar_url: address, ...body }: UpdateContact): Promise<z.infer<typeof ContactAnswer>> {
    return this.avatars.save(me.accountId, avatar, async (tx, avatarKey) => {
      if (avatarKey) await this.avatars.set(tx, id, avatarKey);
      const row = await this.save.update(tx, id, body);
      if (!avatarKey) this.faces.fetchLater(tx, row, address);
      return this.answer(tx, row);
    });
  }

  @Delete(':id/avatar')
  @answers(ContactAnswer)
  removeAvatar(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof ContactAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.avatars.set(tx, id, null);
      return this.answer(tx, await this.contacts.find(tx, id));
    });
  }

  @Post(':id/destroy_custom_attributes')
  @answers(ContactAnswer)
  removeAttributes(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: RemoveAttributes }) body: RemoveAttributes): Promise<z.infer<typeof ContactAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.answer(tx, await this.save.removeAttributes(tx, id, body.custom_attributes)));
  }

  private async page(tx: Tx, among: Which, query: FilterContacts, count?: number): Promise<z.infer<typeof ContactList>> {
    if (query.cursor !== undefined && query.page > 1) throw invalid('cursor', 'comes without a page');
    const { rows, next } = await this.contacts.list(tx, among, { ...query, after: query.cursor === undefined ? undefined : decodeContactCursor(query.cursor, query.sort) });
    return { meta: { count: count ?? await this.contacts.count(tx, among), current_page: query.page, next_cursor: next }, payload: await this.present(tx, rows, query.include_contact_inboxes) };
  }

  private async answer(tx: Tx, row: ContactRow | undefined): Promise<z.infer<typeof ContactAnswer>> {
    if (!row) throw notFound();
    return { payload: (await this.present(tx, [row], true))[0]! };
  }

  private async present(tx: Tx, rows: ContactRow[], withInboxes: boolean): Promise<WireContact[]> {
    const titles = await this.contacts.labelTitles(tx, rows);
    const identities = withInboxes ? await this.contacts.identities(tx, rows.map((row) => row.id)) : undefined;
    return rows.map((row) => this.presenter.present(row, identities?.filter((identity) => identity.contact_id === row.id), row.label_ids.flatMap((id) => titles.get(id) ?? []).sort()));
  }
}
