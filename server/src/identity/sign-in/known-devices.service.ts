import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Keyring } from '../../platform/crypto/keyring.js';
import { networkOf } from '../../platform/http/network-of.js';
import { SessionRepository } from '../sessions/session.repository.js';

/** Names who signed in with this browser, sealed by us. It opens nothing: it only keeps what strangers try elsewhere from slowing these people down. */
export const DEVICE_COOKIE = 'porchlight_device';
const PURPOSE = 'known device';
const LIFE_SECONDS = 365 * 24 * 60 * 60;
/** People who share a browser. */
const MOST = 8;

/** Tells the devices people have signed in with from others. */
@Injectable()
export class KnownDevices {
  constructor(private readonly keyring: Keyring, private readonly sessions: SessionRepository) {}

  /** Whether the person has signed in with this browser before, or has a session at this network address. */
  async knows(userId: number, device: string | undefined, address: string): Promise<boolean> {
    if (this.people(device).includes(userId)) return true;
    return (await this.sessions.addressesOf(userId)).some((known) => networkOf(known) === networkOf(address));
  }

  /** Lets the browser remember that this person signed in with it. */
  remember(request: FastifyRequest, reply: FastifyReply, userId: number): void {
    const people = this.people(request.cookies[DEVICE_COOKIE]);
    const token = this.keyring.sign(PURPOSE, { people: [userId, ...people.filter((one) => one !== userId)].slice(0, MOST) });
    void reply.setCookie(DEVICE_COOKIE, token, { httpOnly: true, sameSite: 'lax', path: '/auth', secure: request.protocol === 'https', maxAge: LIFE_SECONDS });
  }

  private people(device: string | undefined): number[] {
    const { people } = (device === undefined ? undefined : this.keyring.verify(PURPOSE, device)) as { people?: number[] } | undefined ?? {};
    return people ?? [];
  }
}
