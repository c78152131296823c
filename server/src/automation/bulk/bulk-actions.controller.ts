import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, CurrentUser, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member, Principal } from '../../identity/access/principal.js';
import { AnyScopedToken, demandWriting } from '../../identity/access/token-scopes.js';
import { answers } from '../../platform/http/answers.js';
import { unprocessable } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import type { Action } from '../actions/action.dto.js';
import { BulkActions, BulkTaskAnswer, type ContactWork } from './bulk.dto.js';
import { BulkTasks } from './bulk-tasks.service.js';

/** The same for many conversations or people at once. */
@Controller('api/v1/accounts/:account_id/bulk_actions')
@MemberOnly()
@AnyScopedToken()
export class BulkActionsController {
  constructor(private readonly tasks: BulkTasks) {}

  /** Conversations that one does not see, and who is gone, are left out. Many are done in the background. */
  @Post()
  @answers(BulkTaskAnswer)
  async start(@CurrentMember() me: Member, @CurrentUser() user: Principal, @Body({ schema: BulkActions }) body: BulkActions): Promise<z.infer<typeof BulkTaskAnswer>> {
    demandWriting(user.grant, body.type === 'Contact' ? 'contacts' : 'conversations');
    if (body.type === 'Contact') return { payload: await this.tasks.startForContacts(me, user, body.ids, contactWorkOf(body)) };
    const actions = actionsOf(body);
    if (actions.length === 0) throw unprocessable('Say what is to be done: fields or labels are missing');
    return { payload: await this.tasks.start(me, body.ids, actions) };
  }

  /** How far it is. */
  @Get(':id')
  @answers(BulkTaskAnswer)
  async progress(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof BulkTaskAnswer>> {
    return { payload: await this.tasks.progress(me, id) };
  }
}

function actionsOf({ fields, labels, snoozed_until: beside }: BulkActions): Action[] {
  const action = (action_name: Action['action_name'], ...action_params: Action['action_params']): Action => ({ action_name, action_params });
  const until = fields?.snoozed_until ?? beside;
  return [
    ...(fields?.assignee_id !== undefined ? [action('assign_agent', fields.assignee_id)] : []), ...(fields?.team_id !== undefined ? [action('assign_team', fields.team_id)] : []),
    ...(fields?.priority !== undefined ? [action('change_priority', fields.priority)] : []), ...(labels?.add?.length ? [action('add_label', ...labels.add)] : []),
    ...(labels?.remove?.length ? [action('remove_label', ...labels.remove)] : []), ...(fields?.status ? [action('change_status', fields.status, ...(fields.status === 'snoozed' && until ? [until.toISOString()] : []))] : []),
  ];
}

function contactWorkOf({ action_name: name, labels }: BulkActions): ContactWork {
  if (name === 'delete') return { delete: true };
  const [add, remove] = [labels?.add ?? [], labels?.remove ?? []];
  if (add.length + remove.length === 0) throw unprocessable('Say what is to be done: labels or the action delete are missing');
  return { labels: { add, remove } };
}
