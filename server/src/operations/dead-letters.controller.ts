import { Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { AdministratorOnly, CurrentMember } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { pathId } from '../platform/http/schema-fields.js';
import { DeadLetterDesk } from './dead-letter-desk.service.js';
import { DeadLetterList, DeadLetterQuery } from './dead-letter.dto.js';

/** Work of one account that was given up, for its administrators. */
@Controller('api/v1/accounts/:account_id/dead_letters')
@AdministratorOnly()
export class DeadLettersController {
  constructor(private readonly desk: DeadLetterDesk) {}

  @Get()
  @answers(DeadLetterList)
  list(@CurrentMember() me: Member, @Query({ schema: DeadLetterQuery }) query: DeadLetterQuery): Promise<DeadLetterList> {
    return this.desk.list({ accountId: me.accountId }, query.page);
  }

  @Post(':id/retry')
  @answersEmpty()
  retry(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.desk.retry({ accountId: me.accountId }, id);
  }

  @Delete(':id')
  @answersEmpty()
  discard(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.desk.discard({ accountId: me.accountId }, id);
  }
}
