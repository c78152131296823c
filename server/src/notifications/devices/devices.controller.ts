import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentUser, SignedIn } from '../../identity/access/access.decorators.js';
import type { Principal } from '../../identity/access/principal.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId, text } from '../../platform/http/schema-fields.js';
import { AddressGuard, AddressRefused } from '../../platform/outbound-http/address-guard.js';
import { PushKeysRepository } from '../push/push-keys.repository.js';
import { subscriptionKeys } from '../push/web-push.client.js';
import { Devices, KINDS, Subscribe, Subscription, Unsubscribe, type DeviceType } from './device.dto.js';
import { presentDevice } from './device.presenter.js';
import { DevicesRepository } from './devices.repository.js';

/** What tells one device from another, by kind. */
const NAMED_BY = { browser_push: 'endpoint', fcm: 'device_id' } as const;

/** No longer than what an index takes, in bytes. */
const Identifier = text(2000).min(1).refine((name) => Buffer.byteLength(name) <= 2000);

/** Devices of the signed-in person that may be sent notifications. */
@Controller('api/v1/notification_subscriptions')
@SignedIn()
export class DevicesController {
  constructor(private readonly devices: DevicesRepository, private readonly keys: PushKeysRepository, private readonly guard: AddressGuard) {}

  /** With the key that a browser needs to subscribe. */
  @Get()
  @answers(Devices)
  async list(@CurrentUser() me: Principal): Promise<z.infer<typeof Devices>> {
    return { payload: (await this.devices.of(me.userId)).map(presentDevice), push_public_key: (await this.keys.get()).publicKey, session_id: me.sessionId ?? null };
  }

  /** A browser is told of notifications from now on, until the session ends that asked for it. Of phones the token is kept, and nothing is sent. */
  @Post()
  @answers(Subscription)
  async subscribe(@CurrentUser() me: Principal, @Body({ schema: Subscribe }) body: z.infer<typeof Subscribe>): Promise<z.infer<typeof Subscription>> {
    const key = NAMED_BY[body.subscription_type];
    const identifier = Identifier.safeParse(body.subscription_attributes[key]);
    if (!identifier.success) throw invalid('subscription_attributes', `${key} is missing or too long`);
    if (body.subscription_type === 'browser_push') this.check(identifier.data, body.subscription_attributes);
    const row = await this.devices.keep({ userId: me.userId, sessionId: me.sessionId ?? null, kind: codeOf(body.subscription_type), identifier: identifier.data, attributes: body.subscription_attributes });
    return {
      id: row.id, user_id: row.user_id, subscription_type: body.subscription_type, subscription_attributes: row.attributes, identifier: row.identifier,
      created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
    };
  }

  /** Also where it is not known any more: phones do this when they sign out, and a refusal would keep them from it. */
  @Delete()
  @answersEmpty()
  async unsubscribe(@CurrentUser() me: Principal, @Body({ schema: Unsubscribe }) body: z.infer<typeof Unsubscribe>): Promise<void> {
    await this.devices.forget(me.userId, body.push_token);
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentUser() me: Principal, @Param('id', { schema: pathId }) id: number): Promise<void> {
    if (!await this.devices.remove(me.userId, id)) throw notFound();
  }

  /** The address is one that we would go to, and something can be encrypted for it. */
  private check(endpoint: string, attributes: Record<string, unknown>): void {
    try {
      this.guard.parse(endpoint);
    } catch (error) {
      if (error instanceof AddressRefused) throw invalid('subscription_attributes', `endpoint: ${error.message}`);
      throw error;
    }
    if (!subscriptionKeys(attributes)) throw invalid('subscription_attributes', 'p256dh and auth must be the keys of a push subscription');
  }
}

const codeOf = (type: DeviceType): number => KINDS.indexOf(type) + 1;
