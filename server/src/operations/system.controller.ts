import { Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { SuperAdministratorOnly } from '../identity/access/access.decorators.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { pathId } from '../platform/http/schema-fields.js';
import { DeadLetterDesk } from './dead-letter-desk.service.js';
import { DeadLetterList, DeadLetterQuery } from './dead-letter.dto.js';
import { SystemStatus } from './system.dto.js';
import { SystemStatusService } from './system-status.service.js';

/** The installation as a whole, for whoever runs it. */
@Controller('api/v1/system')
@SuperAdministratorOnly()
export class SystemController {
  constructor(private readonly status: SystemStatusService, private readonly desk: DeadLetterDesk) {}

  @Get()
  @answers(SystemStatus)
  show(): Promise<SystemStatus> {
    return this.status.look();
  }

  @Get('dead_letters')
  @answers(DeadLetterList)
  list(@Query({ schema: DeadLetterQuery }) query: DeadLetterQuery): Promise<DeadLetterList> {
    return this.desk.list('everywhere', query.page);
  }

  @Post('dead_letters/:id/retry')
  @answersEmpty()
  retry(@Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.desk.retry('everywhere', id);
  }

  @Delete('dead_letters/:id')
  @answersEmpty()
  discard(@Param('id', { schema: pathId }) id: number): Promise<void> {
    return this.desk.discard('everywhere', id);
  }
}
