import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../platform/clock/clock.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CurrentMember, MemberOnly, WantsFreshProof } from '../access/access.decorators.js';
import { isAdministrator, type Member } from '../access/principal.js';
import { NoScopedTokens } from '../access/token-scopes.js';
import { CreateScopedToken, MadeScopedToken, ScopedTokenList, type WireScopedToken } from './scoped-token.dto.js';
import { ScopedTokens, type ScopedTokenRow } from './scoped-tokens.repository.js';

const DAY = 86_400_000;
const MOST_PER_PERSON = 100;
const seconds = (date: Date | null): number | null => date && Math.floor(date.getTime() / 1000);
/** Administrators see and end everybody's, others their own. */
const ownerFilter = (me: Member): number | null => (isAdministrator(me) ? null : me.userId);

/** Tokens for programs that need a part of the account, for a while. */
@Controller('api/v1/accounts/:account_id/scoped_tokens')
@MemberOnly()
@NoScopedTokens()
export class ScopedTokensController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly tokens: ScopedTokens, private readonly clock: Clock) {}

  @Get()
  @answers(ScopedTokenList)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof ScopedTokenList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (await this.tokens.list(tx, ownerFilter(me))).map((row) => this.present(row)) }));
  }

  @Post()
  @WantsFreshProof()
  @answers(MadeScopedToken, { description: 'The only answer that shows the token.' })
  create(@CurrentMember() me: Member, @Body({ schema: CreateScopedToken }) body: CreateScopedToken): Promise<MadeScopedToken> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (await this.tokens.count(tx, me.userId) >= MOST_PER_PERSON) throw invalid('name', `You have ${MOST_PER_PERSON} tokens already. End some that are not used.`);
      const expiresAt = body.expires_in_days ? new Date(this.clock.now() + body.expires_in_days * DAY) : null;
      const { id, token } = await this.tokens.insert(tx, me.userId, { name: body.name, scopes: body.scopes, expiresAt });
      return { ...this.present((await this.tokens.find(tx, id, me.userId))!), token };
    });
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.tokens.find(tx, id, ownerFilter(me))) throw notFound();
      await this.tokens.remove(tx, id);
    });
  }

  private present(row: ScopedTokenRow): WireScopedToken {
    return {
      id: row.id, name: row.name, scopes: row.scopes, hint: row.hint, user: { id: row.user_id, name: row.user_name, email: row.user_email },
      created_at: seconds(row.created_at)!, expires_at: seconds(row.expires_at), is_expired: row.expires_at !== null && row.expires_at.getTime() <= this.clock.now(),
      last_used_at: seconds(row.last_used_at), last_used_ip: row.last_used_ip,
    };
  }
}
