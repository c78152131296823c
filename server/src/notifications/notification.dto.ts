import { z } from 'zod';
import { EventMessageSchema, PersonSchema } from '../conversations/messages/message.dto.js';
import { flatOrWrapped, formInt, formList, formMoment, pageNumber } from '../platform/http/schema-fields.js';
import { KIND_NAMES } from './notification-kinds.js';

export const ListQuery = z.object({
  page: pageNumber.pipe(z.int().max(100_000)).default(1), sort_order: z.enum(['asc', 'desc']).default('desc'), includes: formList(z.enum(['read', 'snoozed']), 10).default([]),
});
export type ListQuery = z.infer<typeof ListQuery>;
export const ReadAll = flatOrWrapped('notification', z.object({ primary_actor_id: formInt.nullish(), primary_actor_type: z.enum(['Conversation']).nullish() }));
export const Snooze = flatOrWrapped('notification', z.object({ snoozed_until: formMoment }));
export const DestroyAll = flatOrWrapped('notification', z.object({ type: z.enum(['all', 'read']).default('all') }));

export const NotificationSchema = z.object({
  id: z.int(), notification_type: z.enum(KIND_NAMES), push_message_title: z.string(), push_message_body: z.string(), primary_actor_type: z.literal('Conversation'), primary_actor_id: z.int(),
  primary_actor: z.looseObject({ id: z.int(), inbox_id: z.int(), status: z.string() }), read_at: z.string().nullable(), secondary_actor: EventMessageSchema.nullable(), user: PersonSchema,
  created_at: z.int(), last_activity_at: z.int(), snoozed_until: z.string().nullable(), meta: z.record(z.string(), z.unknown()),
}).meta({ id: 'Notification' });
export type WireNotification = z.infer<typeof NotificationSchema>;
export const NotificationPage = z.object({ data: z.object({ meta: z.object({ unread_count: z.int(), count: z.int(), current_page: z.int() }), payload: z.array(NotificationSchema) }) });
