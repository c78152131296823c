import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound, notPermitted } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActionFiles } from '../files/action-files.service.js';
import { RunActions } from '../actions/run-actions.service.js';
import { BulkTaskAnswer } from '../bulk/bulk.dto.js';
import { BulkTasks } from '../bulk/bulk-tasks.service.js';
import { CreateMacro, ExecuteMacro, MacroAnswer, MacroList, UpdateMacro, VISIBILITIES, type WireMacro } from './macro.dto.js';
import { MacrosRepository, type MacroRow } from './macros.repository.js';

const byId = { schema: pathId };
type One = z.infer<typeof MacroAnswer>;

const present = (row: MacroRow): WireMacro => ({
  id: row.id, name: row.name, visibility: VISIBILITIES[row.visibility]!, actions: row.actions, account_id: row.account_id, created_at: Math.floor(row.created_at.getTime() / 1000),
  ...(row.created_by && row.author !== null && { created_by: { id: row.created_by, name: row.author } }),
  ...(row.updated_by && row.editor !== null && { updated_by: { id: row.updated_by, name: row.editor } }),
});

/** Macros: several actions by one click. Everybody makes their own; those for all are the administrators'. */
@Controller('api/v1/accounts/:account_id/macros')
@MemberOnly()
export class MacrosController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly macros: MacrosRepository, private readonly actions: RunActions, private readonly tasks: BulkTasks, private readonly files: ActionFiles) {}

  @Get()
  @answers(MacroList)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof MacroList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: await this.files.beside(tx, (await this.macros.list(tx, me.userId)).map(present)) }));
  }

  /** What an agent makes is their own, whatever they ask for: so does Chatwoot. */
  @Post()
  @answers(MacroAnswer)
  create(@CurrentMember() me: Member, @Body({ schema: CreateMacro }) body: CreateMacro): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.actions.check(tx, body.actions);
      const visibility = isAdministrator(me) ? VISIBILITIES.indexOf(body.visibility) : 0;
      return this.shown(tx, me, await this.macros.insert(tx, me.userId, { name: body.name, visibility, actions: body.actions }));
    });
  }

  @Get(':id')
  @answers(MacroAnswer)
  show(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, (tx) => this.shown(tx, me, id));
  }

  @Patch(':id')
  @answers(MacroAnswer)
  update(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: UpdateMacro }) body: UpdateMacro): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.mine(tx, me, id);
      if (body.actions) await this.actions.check(tx, body.actions);
      const visibility = body.visibility && isAdministrator(me) ? VISIBILITIES.indexOf(body.visibility) : undefined;
      await this.macros.update(tx, me.userId, id, { name: body.name, visibility, actions: body.actions });
      return this.shown(tx, me, id);
    });
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      await this.mine(tx, me, id);
      await this.macros.remove(tx, id);
    });
  }

  /** On conversations one sees. What names somebody or something that is gone is left out, and the answer says so. Many are done in the background; the answer says how far it is. */
  @Post(':id/execute')
  @answers(BulkTaskAnswer)
  async execute(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: ExecuteMacro }) body: z.infer<typeof ExecuteMacro>): Promise<z.infer<typeof BulkTaskAnswer>> {
    const macro = await this.unitOfWork.run(me.accountId, (tx) => this.macros.find(tx, me.userId, id));
    if (!macro) throw notFound();
    return { payload: await this.tasks.startWritten(me, body.conversation_ids, macro.actions) };
  }

  private async shown(tx: Tx, me: Member, id: number): Promise<One> {
    const row = await this.macros.find(tx, me.userId, id);
    if (!row) throw notFound();
    return { payload: (await this.files.beside(tx, [present(row)]))[0]! };
  }

  private async mine(tx: Tx, me: Member, id: number): Promise<void> {
    const row = await this.macros.find(tx, me.userId, id);
    if (!row) throw notFound();
    if (row.created_by !== me.userId && !isAdministrator(me)) throw notPermitted();
    if (row.visibility === 1 && !isAdministrator(me)) throw notPermitted();
  }
}
