import { z } from 'zod';
import { seconds } from '../../platform/http/answers.js';
import { flatOrWrapped, freeObject, line } from '../../platform/http/schema-fields.js';

export const KINDS = ['browser_push', 'fcm'] as const;
export type DeviceType = (typeof KINDS)[number];
export const Subscribe = flatOrWrapped('notification_subscription', z.object({ subscription_type: z.enum(KINDS), subscription_attributes: freeObject }));
export const Unsubscribe = flatOrWrapped('notification_subscription', z.object({ push_token: line(2000) }));
export const Subscription = z.object({
  id: z.int(), user_id: z.int(), subscription_type: z.enum(KINDS), subscription_attributes: z.record(z.string(), z.unknown()), identifier: z.string(), created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'NotificationSubscription' });

export const Device = z.object({
  id: z.int(), subscription_type: z.enum(KINDS), identifier: z.string(), browser_name: z.string().nullable(), platform_name: z.string().nullable(), shows_text: z.boolean(),
  created_at: seconds, told_at: seconds.nullable(),
}).meta({ id: 'NotificationDevice' });
/** The key is what a browser subscribes with (`applicationServerKey`). By the session a browser knows whether it was taken off the list, or is only to be added again after a new sign-in. */
export const Devices = z.object({ payload: z.array(Device), push_public_key: z.string(), session_id: z.int().nullable() });
