import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { InboxesRepository } from '../../inboxes/inboxes.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { INTEGRATION_APPS, type IntegrationApp } from './catalogue.js';
import { AppList, CreateHook, HookSchema, UpdateHook, type WireHook } from './hook.dto.js';
import { HooksRepository, type HookRow } from './hooks.repository.js';
import { KeepHooks } from './keep-hooks.service.js';

type Settings = Record<string, unknown>;
const appOf = (row: HookRow): IntegrationApp => INTEGRATION_APPS.find(({ id }) => id === row.app_id)!;

/** What can be connected, and what is. */
@Controller('api/v1/accounts/:account_id/integrations')
@ScopeArea('settings')
export class IntegrationsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly hooks: HooksRepository, private readonly keep: KeepHooks, private readonly inboxes: InboxesRepository) {}

  @Get('apps')
  @MemberOnly()
  @answers(AppList)
  apps(@CurrentMember() me: Member): Promise<AppList> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = (await this.hooks.list(tx)).map(present);
      return {
        payload: INTEGRATION_APPS.map(({ id, name, description, short_description, hook_type, allow_multiple_hooks, settings, form }) => {
          const hooks = rows.filter((row) => row.app_id === id);
          return { id, name, description, short_description, hook_type, allow_multiple_hooks, action: null, settings_form_schema: [...form ?? []], enabled: settings === undefined || hooks.some(({ status }) => status), hooks };
        }),
      };
    });
  }

  @Post('hooks')
  @AdministratorOnly()
  @answers(HookSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateHook }) body: CreateHook): Promise<WireHook> {
    const app = INTEGRATION_APPS.find(({ id }) => id === body.app_id);
    if (!app?.settings) throw invalid('app_id', 'is not an app that is connected by a hook');
    const parts = checked(app, body.settings ?? {});
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (body.inbox_id != null && !await this.inboxes.find(tx, body.inbox_id)) throw invalid('inbox_id', 'is not an inbox of this account');
      if (app.hook_type === 'inbox' && body.inbox_id == null) throw invalid('inbox_id', 'is needed');
      const id = await this.keep.add(tx, { appId: app.id, inboxId: app.hook_type === 'inbox' ? body.inbox_id! : null, enabled: body.status ?? true, ...parts });
      return this.show(tx, id);
    });
  }

  @Patch('hooks/:hook_id')
  @AdministratorOnly()
  @answers(HookSchema)
  update(@CurrentMember() me: Member, @Param('hook_id', { schema: pathId }) id: number, @Body({ schema: UpdateHook }) body: UpdateHook): Promise<WireHook> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.hooks.find(tx, id);
      if (!row) throw notFound();
      // A secret that is not sent stays: it was never shown, so nobody can send it back.
      const parts = body.settings && checked(appOf(row), { ...this.hooks.secretsOf(row), ...body.settings });
      await this.keep.change(tx, row, { enabled: body.status, ...parts });
      return this.show(tx, id);
    });
  }

  @Delete('hooks/:hook_id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('hook_id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.hooks.find(tx, id);
      if (!row) throw notFound();
      await this.keep.remove(tx, row);
    });
  }

  private async show(tx: Tx, id: number): Promise<WireHook> {
    return present((await this.hooks.find(tx, id))!);
  }
}

/** The settings as the app wants them, the secret ones apart. Throws 422 naming the setting. */
function checked(app: IntegrationApp, given: Settings): { settings: Settings; secrets: Settings } {
  const result = app.settings!.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Problem('invalid', `Settings: ${issue!.path.join('.')} ${issue!.message}`, { attributes: ['settings'] });
  }
  const entries = Object.entries(result.data);
  const isSecret = (name: string): boolean => app.secrets?.includes(name) ?? false;
  return { settings: Object.fromEntries(entries.filter(([name]) => !isSecret(name))), secrets: Object.fromEntries(entries.filter(([name]) => isSecret(name))) };
}

const present = (row: HookRow): WireHook => ({
  id: row.id, app_id: row.app_id, status: row.enabled, inbox: row.inbox_id !== null && row.inbox_name !== null ? { id: row.inbox_id, name: row.inbox_name } : null, account_id: row.account_id,
  hook_type: appOf(row).hook_type, settings: row.settings, reference_id: row.reference_id, stopped_because: row.stopped_because,
});
