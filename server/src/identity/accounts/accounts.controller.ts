import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Events } from '../../delivery/events.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../access/access.decorators.js';
import type { Member } from '../access/principal.js';
import { Account, AccountChanges, CacheKeys } from './account.dto.js';
import { presentAccount } from './account.presenter.js';
import { UserRepository } from '../users/user.repository.js';
import { AccountRepository } from './account.repository.js';

/** The account itself. */
@Controller('api/v1/accounts/:account_id')
export class AccountsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly accounts: AccountRepository, private readonly events: Events, private readonly users: UserRepository, private readonly clock: Clock,
  ) {}

  @MemberOnly({ strangersSee: 'nothing' })
  @Get()
  @answers(Account)
  async show(@CurrentMember() member: Member): Promise<Account> {
    const { row, keys } = await this.unitOfWork.run(member.accountId, async (tx) => ({ row: await this.accounts.find(tx), keys: await this.accounts.cacheKeys(tx) }));
    if (!row) throw notFound();
    return { ...presentAccount(row, keys), latest_chatwoot_version: null };
  }

  /** Whether what a client keeps of labels, inboxes and teams is still so. */
  @MemberOnly({ strangersSee: 'nothing' })
  @Get('cache_keys')
  @answers(CacheKeys)
  async cacheKeys(@CurrentMember() member: Member): Promise<CacheKeys> {
    return { cache_keys: await this.unitOfWork.run(member.accountId, (tx) => this.accounts.cacheKeys(tx)) };
  }

  /** The person works in this account now: it is the one they come back to. */
  @MemberOnly({ strangersSee: 'nothing' })
  @Post('update_active_at')
  @answersEmpty()
  async updateActiveAt(@CurrentMember() member: Member): Promise<void> {
    await this.users.setActiveAccount(member.userId, member.accountId, this.clock.date());
  }

  @AdministratorOnly()
  @Patch()
  @answers(Account)
  async update(@CurrentMember() member: Member, @Body({ schema: AccountChanges }) body: AccountChanges): Promise<Account> {
    const { auto_resolve_after, auto_resolve_message, auto_resolve_ignore_waiting, audit_log_days, industry, company_size, ...columns } = body;
    const { row, keys } = await this.unitOfWork.run(member.accountId, async (tx) => {
      const updated = await this.accounts.update(tx, columns, { auto_resolve_after, auto_resolve_message, auto_resolve_ignore_waiting, audit_log_days }, { industry, company_size });
      if (updated) await this.events.append(tx, { type: 'account.updated', payload: {}, actorId: member.userId });
      return { row: updated, keys: await this.accounts.cacheKeys(tx) };
    });
    if (!row) throw notFound();
    return presentAccount(row, keys);
  }
}
