import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { ROLE_CODE, type Member } from '../access/principal.js';
import { FreshStart } from '../invitations/fresh-start.service.js';
import { Invitations } from '../invitations/invitations.service.js';
import { PendingMembers, type NewPendingMember } from '../invitations/pending-members.repository.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { SessionRevocations } from '../sessions/session-revocations.js';
import { availabilityCode } from '../users/availability.js';
import { UserRepository } from '../users/user.repository.js';
import type { AgentChanges, NewAgent } from './agent.dto.js';
import type { AgentRow } from './agent.presenter.js';
import { AgentRepository } from './agent.repository.js';

const lastAdministrator = () => invalid('role', 'An account needs an administrator. Make somebody else one first.');
const belongsAlready = () => invalid('email', 'Somebody with this address belongs to the account already.');
const needsMail = () => invalid('email', 'Somebody with this address works in another account here, and joins a second one only by a link that is mailed to them. Set up mail first, or ask whoever runs this installation to add them.');

/** Somebody who was invited, and the link when it could not be mailed. */
export interface Invited { agent: AgentRow; invitationUrl?: string }

/** Who belongs to an account. */
@Injectable()
export class Agents {
  constructor(
    private readonly repository: AgentRepository, private readonly invitations: Invitations, private readonly revocations: SessionRevocations,
    private readonly system: SystemWork, private readonly events: Events, private readonly pending: PendingMembers, private readonly tokens: OneTimeTokens,
    private readonly users: UserRepository, private readonly fresh: FreshStart, private readonly avatars: Avatars, private readonly log: Log,
  ) {}

  /** Invites one after the other; one who cannot be invited does not hold up the rest. */
  async inviteMany(member: Member, emails: string[], origin: string): Promise<{ invited: Invited[]; skipped: { email: string; message: string }[] }> {
    const [invited, skipped]: [Invited[], { email: string; message: string }[]] = [[], []];
    for (const email of new Set(emails)) {
      try {
        invited.push(await this.invite(member, { name: email.slice(0, email.lastIndexOf('@')), email, role: 'agent', availability: 'online' }, origin));
      } catch (error) {
        if (!(error instanceof Problem && error.kind === 'invalid')) throw error;
        skipped.push({ email, message: error.message });
      }
    }
    return { invited, skipped };
  }

  /** Makes somebody a member and invites them if they are new. Answers the invitation's link when it cannot be mailed. */
  async invite(member: Member, given: NewAgent, origin: string): Promise<Invited> {
    return this.inAccount(member, async (tx, system) => {
      const person = await this.repository.personFor(system, given.name, given.email);
      const membership = { userId: person.id, role: ROLE_CODE[given.role], availability: availabilityCode(given.availability), autoOffline: given.auto_offline ?? true, inviterId: member.userId };
      if (!person.made) {
        if (await this.repository.find(tx, person.id)) throw belongsAlready();
        if (this.invitations.byMail) return { agent: await this.ask(tx, system, { ...membership, name: given.name, email: given.email }, member, origin) };
        if (!await this.repository.isVouchedFor(system, person.id, member.userId)) throw needsMail();
        // Another administrator may hold a link that was shown to them; from now on it would open this account too.
        await this.tokens.discardShown(system, person.id);
      }
      if (!await this.repository.addMember(tx, membership)) throw belongsAlready();
      await this.events.append(tx, { type: 'agent.created', payload: { user_id: person.id }, actorId: member.userId });
      const invitationUrl = person.confirmed ? undefined : await this.invitations.send(tx, system, { userId: person.id, member, origin });
      return { agent: (await this.repository.find(tx, person.id))!, invitationUrl };
    });
  }

  /** Somebody of another account joins only by a link that goes to their address. Until then the inviter sees what they typed. */
  private async ask(tx: Tx, system: SystemTx, asked: NewPendingMember, member: Member, origin: string): Promise<AgentRow> {
    if (!await this.pending.add(tx, asked)) throw belongsAlready();
    await this.invitations.send(tx, system, { userId: asked.userId, member, origin });
    return (await this.pending.find(tx, asked.userId))!;
  }

  /** Changes role and availability. The last administrator stays one. */
  async update(member: Member, userId: number, changes: AgentChanges): Promise<AgentRow> {
    return this.inAccount(member, async (tx) => {
      await this.repository.lockAccount(tx);
      const before = await this.found(tx, userId);
      const wanted = { role: changes.role && ROLE_CODE[changes.role], availability: changes.availability && availabilityCode(changes.availability), auto_offline: changes.auto_offline };
      if (!await this.repository.find(tx, userId)) {
        await this.pending.update(tx, userId, wanted);
        return this.found(tx, userId);
      }
      const { role } = wanted;
      if (role === ROLE_CODE.agent && before.role === ROLE_CODE.administrator && !await this.repository.hasOtherAdministrator(tx, userId)) throw lastAdministrator();
      await this.repository.update(tx, userId, wanted);
      await this.events.append(tx, { type: 'agent.updated', payload: { user_id: userId }, actorId: member.userId });
      if (role !== undefined && role !== before.role) tx.afterCommit(() => this.revocations.tell({ userIds: [userId] }));
      return this.found(tx, userId);
    });
  }

  /** Takes somebody out of the account. The last administrator stays; a person without any account goes. */
  async remove(member: Member, userId: number): Promise<void> {
    await this.inAccount(member, async (tx, system) => {
      await this.repository.lockAccount(tx);
      const agent = await this.found(tx, userId);
      if (await this.pending.remove(tx, userId)) {
        await this.tokens.discardInvitations(system, userId, member.accountId);
        await this.deleteWithoutAccounts(system, userId);
        return;
      }
      if (agent.role === ROLE_CODE.administrator && !await this.repository.hasOtherAdministrator(tx, userId)) throw lastAdministrator();
      await this.repository.removeMember(tx, userId);
      await this.events.append(tx, { type: 'agent.deleted', payload: { user_id: userId }, actorId: member.userId });
      await this.tokens.discardInvitations(system, userId, member.accountId);
      if (!await this.deleteWithoutAccounts(system, userId)) await this.letGo(system, userId);
      tx.afterCommit(() => this.revocations.tell({ userIds: [userId] }));
    });
  }

  /** Says whether the person is gone. Their picture goes with them. */
  private async deleteWithoutAccounts(system: SystemTx, userId: number): Promise<boolean> {
    const gone = await this.repository.deletePersonWithoutAccounts(system, userId);
    if (gone) system.afterCommit(() => { this.avatars.remove(gone.avatar_key).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error })); });
    return gone !== undefined;
  }

  /** Sends a member a link to choose a new password (or their invitation again). Answers the link when it cannot be mailed. */
  async resetPassword(member: Member, userId: number, origin: string): Promise<string | undefined> {
    return this.inAccount(member, async (tx, system) => {
      const agent = await this.found(tx, userId);
      return agent.confirmed ? this.invitations.sendReset(tx, system, { userId, member, origin }) : this.invitations.send(tx, system, { userId, member, origin });
    });
  }

  /** Who is left with nothing but accounts that ask for them is nobody's any more: whoever held them so far must not come along. */
  private async letGo(system: SystemTx, userId: number): Promise<void> {
    if ((await this.users.accountIds(system, userId)).length > 0) return;
    await this.fresh.of(system, userId);
    await this.users.forgetPassword(system, userId);
  }

  private async found(tx: Tx, userId: number): Promise<AgentRow> {
    const agent = await this.repository.find(tx, userId) ?? await this.pending.find(tx, userId);
    if (!agent) throw notFound();
    return agent;
  }

  /** People are shared between accounts, so this is cross-account work on one account's memberships. */
  private inAccount<T>(member: Member, work: (tx: Tx, system: SystemTx) => Promise<T>): Promise<T> {
    return this.system.run((system) => work(this.system.within(system, member.accountId), system));
  }
}
