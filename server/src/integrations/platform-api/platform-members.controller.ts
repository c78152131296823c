import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPlatformApp, PlatformOnly } from '../../identity/access/access.decorators.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid } from '../../platform/http/problem.js';
import { formInt, pathId } from '../../platform/http/schema-fields.js';
import { DropMembership, PlatformMembership, SetMembership } from './platform.dto.js';
import { PlatformMembers } from './platform-members.service.js';

const byId = { schema: pathId };
const InQuery = z.object({ user_id: formInt.optional() });

/** Who belongs to the accounts of an app. */
@Controller('platform/api/v1/accounts/:platform_account_id/account_users')
@PlatformOnly()
export class PlatformMembersController {
  constructor(private readonly members: PlatformMembers) {}

  @Get()
  @answers(PlatformMembership, { isArray: true })
  list(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number): Promise<PlatformMembership[]> {
    return this.members.list(app, id);
  }

  /** Somebody who belongs to it already gets the role; without one, a new member is an agent. */
  @Post()
  @answers(PlatformMembership)
  join(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number, @Body({ schema: SetMembership }) body: z.infer<typeof SetMembership>): Promise<PlatformMembership> {
    return this.members.join(app, id, body.user_id, body.role);
  }

  /** Who does not belong to it has left already. The person may also be named in the query: some programs send no body with a DELETE. */
  @Delete()
  @answersEmpty()
  async leave(
    @CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number, @Body({ schema: DropMembership }) body: z.infer<typeof DropMembership>,
    @Query({ schema: InQuery }) query: z.infer<typeof InQuery>,
  ): Promise<void> {
    const userId = body?.user_id ?? query.user_id;
    if (userId === undefined) throw invalid('user_id', 'is missing');
    await this.members.leave(app, id, userId);
  }
}
