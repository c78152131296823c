import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { unprocessable } from '../../platform/http/problem.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import type { Member } from '../access/principal.js';
import { AgentRepository } from '../agents/agent.repository.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { UserRepository } from '../users/user.repository.js';
import { invitationLink, passwordResetLink } from './links.js';

interface Invitee { userId: number; member: Member; origin: string }

/** Gets one-time links to people: by mail, or through the administrator who asks when there is no mail. */
@Injectable()
export class Invitations {
  constructor(
    private readonly agents: AgentRepository, private readonly tokens: OneTimeTokens, private readonly mailer: Mailer, private readonly events: Events, private readonly users: UserRepository,
  ) {}

  /** Whether links go by mail. */
  get byMail(): boolean {
    return this.mailer.configured;
  }

  /** Invites somebody to choose a password or to join. Answers the link when it cannot be mailed; throws when the administrator may not see it. */
  async send(tx: Tx, system: SystemTx, { userId, member, origin }: Invitee): Promise<string | undefined> {
    if (this.mailer.configured) {
      await this.events.append(tx, { type: 'agent.invited', payload: { user_id: userId, inviter_id: member.userId }, actorId: member.userId });
      return undefined;
    }
    await this.demandShowable(system, userId, member);
    return invitationLink(origin, await this.tokens.issue(system, 'invitation', { userId, accountId: member.accountId }));
  }

  /** Sends somebody a link to choose a new password. Answers the link when it cannot be mailed; throws when the administrator may not see it. */
  async sendReset(tx: Tx, system: SystemTx, { userId, member, origin }: Invitee): Promise<string | undefined> {
    if (this.mailer.configured) {
      await this.events.append(tx, { type: 'user.password_reset_requested', payload: { user_id: userId }, actorId: member.userId });
      return undefined;
    }
    await this.demandShowable(system, userId, member);
    return passwordResetLink(origin, await this.tokens.issue(system, 'password_reset', { userId }));
  }

  /** The link opens every account of the person. */
  private async demandShowable(system: SystemTx, userId: number, member: Member): Promise<void> {
    await this.users.lock(system, userId);
    if (await this.agents.isVouchedFor(system, userId, member.userId)) return;
    throw unprocessable('This person also belongs to an account that you do not administer, so the link may only go to them by mail. Set up mail first.');
  }
}
