import type { Action, ActionName } from '../../../api/tools';

/** What an action asks for besides its name. */
export type ActionKind = 'none' | 'text' | 'labels' | 'agent' | 'team' | 'status' | 'priority' | 'emails' | 'address' | 'teamMail' | 'files';

export const ACTION_KINDS: Record<ActionName, ActionKind> = {
  send_message: 'text', add_private_note: 'text', add_label: 'labels', remove_label: 'labels', assign_agent: 'agent', assign_team: 'team', change_priority: 'priority', change_status: 'status',
  resolve_conversation: 'none', open_conversation: 'none', pending_conversation: 'none', snooze_conversation: 'none', mute_conversation: 'none', remove_assigned_agent: 'none', remove_assigned_team: 'none',
  send_email_transcript: 'emails', send_email_to_team: 'teamMail', send_webhook_event: 'address', send_attachment: 'files',
};

/** A new action with the parameters its kind begins with. */
export function newAction(name: ActionName): Action {
  const kind = ACTION_KINDS[name];
  const params: Action['action_params'] = kind === 'none' || kind === 'labels' || kind === 'files' ? [] : kind === 'teamMail' ? [{ team_ids: [], message: '' }] : kind === 'status' ? ['resolved'] : kind === 'agent' || kind === 'team' || kind === 'priority' ? ['nil'] : [''];
  return { action_name: name, action_params: params };
}
