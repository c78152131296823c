import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/http/problem.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { roleOf } from '../access/principal.js';
import { PubsubTokens, type Speaker } from '../access/pubsub-tokens.js';
import { availabilityOf, shownAvailability } from './availability.js';
import { PeoplePresence } from './people-presence.js';
import type { User } from './user.dto.js';
import { UserRepository, type MembershipOfUser, type UserWithMemberships } from './user.repository.js';

/** Whoever speaks for the person; a platform app is not them, and what it may listen to lives as long as their own API token. */
type Presented = Speaker & { byTheirToken?: true };

/** A person as they see themself. */
@Injectable()
export class UserPresenter {
  constructor(private readonly users: UserRepository, private readonly presence: PeoplePresence, private readonly avatars: Avatars, private readonly pubsub: PubsubTokens) {}

  /** Loads and presents to whoever speaks for the person. A new API token is shown in the one answer that makes it. */
  async present(speaker: Presented, newAccessToken = ''): Promise<User> {
    const user = await this.users.withMemberships(speaker.userId);
    if (!user) throw notFound();
    const here = new Set<number>();
    for (const m of user.memberships) if ((await this.presence.present(m.account_id, [user.id])).has(user.id)) here.add(m.account_id);
    return this.shape(user, here, newAccessToken, this.pubsubToken(user, speaker));
  }

  /** Whom it is, for who may not know more: everything else is empty. */
  async presentNamed(userId: number): Promise<User> {
    const user = await this.users.withMemberships(userId);
    if (!user) throw notFound();
    return {
      id: user.id, access_token: '', account_id: null, name: user.name, available_name: user.name, display_name: null, avatar_url: '', confirmed: false, email: user.email, message_signature: null,
      inviter_id: null, provider: 'email', pubsub_token: '', role: null, ui_settings: {}, uid: user.email, type: null, accounts: [], locale: null, timezone: null, mfa_enabled: false, mfa_setup_required: false,
    };
  }

  private pubsubToken(user: UserWithMemberships, { sessionId, tokenId, byTheirToken }: Presented): string {
    return this.pubsub.issue({ userId: user.id, sessionId, tokenId: byTheirToken ? user.personal_token_id ?? undefined : tokenId });
  }

  private shape(user: UserWithMemberships, presentIn: Set<number>, accessToken: string, pubsubToken: string): User {
    const active = activeMembership(user.memberships);
    return {
      id: user.id, access_token: accessToken, account_id: active?.account_id ?? null, name: user.name, available_name: user.display_name || user.name, display_name: user.display_name,
      avatar_url: this.avatars.url(user.avatar_key), confirmed: user.confirmed_at !== null, email: user.email, message_signature: user.message_signature, inviter_id: active?.inviter_id ?? null, provider: 'email',
      pubsub_token: pubsubToken, ...(user.custom_attributes ? { custom_attributes: user.custom_attributes } : {}),
      role: active ? roleOf(active.role) : null, ui_settings: user.ui_settings, uid: user.email, type: user.super_administrator ? 'SuperAdmin' : null,
      accounts: user.memberships.map((m) => ({
        id: m.account_id, name: m.account_name, status: m.account_status === 0 ? 'active' : 'suspended', active_at: m.active_at && new Date(m.active_at).toISOString(),
        role: roleOf(m.role), permissions: [roleOf(m.role)], availability: availabilityOf(m.availability),
        availability_status: shownAvailability(m.availability, m.auto_offline, presentIn.has(m.account_id)), auto_offline: m.auto_offline,
      })),
      locale: user.locale, timezone: user.timezone, mfa_enabled: user.mfa_enabled_at !== null, mfa_setup_required: user.mfa_enabled_at === null && user.memberships.some((m) => m.role === 1),
    };
  }
}

/** The account the person used last, or their first. */
function activeMembership(memberships: MembershipOfUser[]): MembershipOfUser | undefined {
  return memberships.reduce<MembershipOfUser | undefined>((best, m) => (best && (best.active_at ?? '') >= (m.active_at ?? '') ? best : m), undefined);
}
