import { z } from 'zod';
import { freeObject, text } from '../../platform/http/schema-fields.js';

export const ACTION_NAMES = [
  'send_message', 'add_private_note', 'add_label', 'remove_label', 'assign_agent', 'assign_team', 'remove_assigned_agent', 'remove_assigned_team', 'mute_conversation', 'change_status',
  'open_conversation', 'pending_conversation', 'resolve_conversation', 'snooze_conversation', 'change_priority', 'send_email_transcript', 'send_email_to_team', 'send_webhook_event', 'send_attachment',
] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

const param = z.union([text(10_000), z.number(), z.null(), freeObject]);
/** One thing that is done with a conversation. `assign_agent` also takes "self", "nil" and "last_responding_agent", `send_attachment` the `blob_id` of uploaded files. */
export const Action = z.object({
  action_name: z.enum(ACTION_NAMES),
  action_params: z.preprocess((v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]), z.array(param).max(100)),
}).meta({ id: 'AutomationAction' });
export type Action = z.infer<typeof Action>;
export const Actions = z.array(Action).min(1, 'cannot be empty').max(50);
