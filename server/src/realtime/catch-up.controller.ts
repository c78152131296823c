import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { answers } from '../platform/http/answers.js';
import { CatchUp, CatchUpQuery } from './catch-up.dto.js';
import { CatchUpService } from './catch-up.service.js';

/** What a client missed while it was not connected. */
@MemberOnly()
@Controller('api/v1/accounts/:account_id/events')
export class CatchUpController {
  constructor(private readonly catchUp: CatchUpService) {}

  @Get()
  @answers(CatchUp)
  async after(@CurrentMember() member: Member, @Query({ schema: CatchUpQuery }) query: z.infer<typeof CatchUpQuery>): Promise<CatchUp> {
    return this.catchUp.after(member, query.after, query.limit);
  }
}
