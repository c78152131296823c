import { Body, Controller, Delete, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentUser, SignedIn } from '../../identity/access/access.decorators.js';
import type { Principal } from '../../identity/access/principal.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { flatOrWrapped, freeObject, line, text } from '../../platform/http/schema-fields.js';
import { DevicesRepository } from './devices.repository.js';

const KINDS = ['browser_push', 'fcm'] as const;
const Subscribe = flatOrWrapped('notification_subscription', z.object({ subscription_type: z.enum(KINDS), subscription_attributes: freeObject }));
const Unsubscribe = flatOrWrapped('notification_subscription', z.object({ push_token: line(2000) }));
const Subscription = z.object({
  id: z.int(), user_id: z.int(), subscription_type: z.enum(KINDS), subscription_attributes: z.record(z.string(), z.unknown()), identifier: z.string(), created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'NotificationSubscription' });
/** What tells one device from another, by kind. */
const NAMED_BY = { browser_push: 'endpoint', fcm: 'device_id' } as const;

/** Devices of the signed-in person that may be sent notifications. */
@Controller('api/v1/notification_subscriptions')
@SignedIn()
export class DevicesController {
  constructor(private readonly devices: DevicesRepository) {}

  @Post()
  @answers(Subscription)
  async subscribe(@CurrentUser() me: Principal, @Body({ schema: Subscribe }) body: z.infer<typeof Subscribe>): Promise<z.infer<typeof Subscription>> {
    const key = NAMED_BY[body.subscription_type];
    const identifier = text(2000).min(1).safeParse(body.subscription_attributes[key]);
    if (!identifier.success) throw invalid('subscription_attributes', `${key} is missing`);
    const row = await this.devices.keep(me.userId, KINDS.indexOf(body.subscription_type) + 1, identifier.data, body.subscription_attributes);
    return {
      id: row.id, user_id: row.user_id, subscription_type: body.subscription_type, subscription_attributes: row.attributes, identifier: row.identifier,
      created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
    };
  }

  @Delete()
  @answersEmpty()
  async unsubscribe(@CurrentUser() me: Principal, @Body({ schema: Unsubscribe }) body: z.infer<typeof Unsubscribe>): Promise<void> {
    if (!await this.devices.forget(me.userId, body.push_token)) throw notFound();
  }
}
