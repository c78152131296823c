import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AttributesRepository } from '../../contacts/attributes/attributes.repository.js';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import { ReadsOnly } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { Clock } from '../../platform/clock/clock.js';
import { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { compileFilter } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActionFiles } from '../files/action-files.service.js';
import { RunActions } from '../actions/run-actions.service.js';
import { ruleSetting } from './rule-fields.js';
import { CreateRule, DryRun, DryRunAnswer, OrderRules, RuleAnswer, RuleList, RuleSchema, RulesQuery, RunList, RunsQuery, UpdateRule, type RuleEvent, type WireRule } from './rule.dto.js';
import { RulesRepository, type RuleRow } from './rules.repository.js';
import { RunsRepository } from './runs.repository.js';

const byId = { schema: pathId };
type One = z.infer<typeof RuleAnswer>;
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
const present = (row: RuleRow): WireRule => ({
  id: row.id, account_id: row.account_id, name: row.name, description: row.description, event_name: row.event_name, conditions: row.conditions, actions: row.actions,
  created_on: seconds(row.created_at), active: row.active, position: row.position,
});

/** Automation rules: when this happens, and if that is so, do these things. */
@Controller('api/v1/accounts/:account_id/automation_rules')
@AdministratorOnly()
export class RulesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly rules: RulesRepository, private readonly runs: RunsRepository, private readonly actions: RunActions,
    private readonly attributes: AttributesRepository, private readonly clock: Clock,
    private readonly files: ActionFiles,
  ) {}

  /** All of them, first to last; a page beyond the first is empty. */
  @Get()
  @answers(RuleList)
  list(@CurrentMember() me: Member, @Query({ schema: RulesQuery }) query: z.infer<typeof RulesQuery>): Promise<z.infer<typeof RuleList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (query.page ?? 1) > 1 ? [] : await this.shown(tx, await this.rules.list(tx)) }));
  }

  @Post()
  @answers(RuleSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateRule }) body: CreateRule): Promise<WireRule> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.check(tx, body.event_name, body.conditions);
      await this.actions.check(tx, body.actions);
      return this.one(tx, await this.rules.insert(tx, body));
    });
  }

  /** Which of the last 50 conversations that are no spam the conditions would match; `checked` says how many there were. Nothing is done. What asks about a change matches nothing. */
  @Post('dry_run')
  @ReadsOnly()
  @answers(DryRunAnswer)
  dryRun(@CurrentMember() me: Member, @Body({ schema: DryRun }) body: z.infer<typeof DryRun>): Promise<z.infer<typeof DryRunAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const setting = ruleSetting(body.event_name, await this.attributes.list(tx), this.clock.date(), () => false);
      const rows = await this.runs.dry(tx, (params) => compileFilter(body.conditions, setting, params));
      const matches = rows.filter((row) => row.matches);
      return {
        payload: {
          checked: rows.length,
          matches: matches.map((row) => ({ id: row.display_id, contact_name: row.contact_name, last_message_preview: row.last_message_preview, last_activity_at: seconds(row.last_activity_at) })),
        },
      };
    });
  }

  /** Sets the order in which they act. */
  @Post('reorder')
  @answers(RuleList)
  reorder(@CurrentMember() me: Member, @Body({ schema: OrderRules }) body: z.infer<typeof OrderRules>): Promise<z.infer<typeof RuleList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const known = (await this.rules.list(tx)).map((rule) => rule.id);
      if (known.length !== body.ids.length || new Set(body.ids).size !== known.length || !body.ids.every((id) => known.includes(id))) throw invalid('ids', 'does not name each rule once');
      await this.rules.order(tx, body.ids);
      return { payload: await this.shown(tx, await this.rules.list(tx)) };
    });
  }

  @Get(':id')
  @answers(RuleAnswer)
  show(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: await this.one(tx, await this.found(tx, id)) }));
  }

  @Patch(':id')
  @answers(RuleAnswer)
  update(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: UpdateRule }) body: UpdateRule): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const before = await this.found(tx, id);
      if (body.event_name || body.conditions) await this.check(tx, body.event_name ?? before.event_name, body.conditions ?? before.conditions);
      if (body.actions) await this.actions.check(tx, body.actions);
      return { payload: await this.one(tx, await this.rules.update(tx, id, body)) };
    });
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.rules.remove(tx, id)) throw notFound();
    });
  }

  /** A copy that sleeps until somebody wakes it. */
  @Post(':id/clone')
  @answers(RuleAnswer)
  clone(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<One> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: await this.one(tx, await this.rules.insert(tx, { ...await this.found(tx, id), active: false })) }));
  }

  /** What the rule was asked and what it did, newest first. */
  @Get(':id/runs')
  @answers(RunList)
  log(@CurrentMember() me: Member, @Param('id', byId) id: number, @Query({ schema: RunsQuery }) query: z.infer<typeof RunsQuery>): Promise<z.infer<typeof RunList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.found(tx, id);
      const rows = await this.runs.list(tx, id, query.before);
      return { payload: rows.map((row) => ({ id: row.id, conversation_id: row.display_id, matched: row.matched, actions: row.actions, errors: row.errors, created_at: seconds(row.created_at) })) };
    });
  }

  private async check(tx: Tx, event: RuleEvent, conditions: Condition[]): Promise<void> {
    compileFilter(conditions, ruleSetting(event, await this.attributes.list(tx), this.clock.date(), () => false), new Params());
  }

  private shown(tx: Tx, rows: readonly RuleRow[]): Promise<WireRule[]> {
    return this.files.beside(tx, rows.map(present));
  }

  private async one(tx: Tx, row: RuleRow): Promise<WireRule> {
    return (await this.shown(tx, [row]))[0]!;
  }

  private async found(tx: Tx, id: number): Promise<RuleRow> {
    const row = await this.rules.find(tx, id);
    if (!row) throw notFound();
    return row;
  }
}
