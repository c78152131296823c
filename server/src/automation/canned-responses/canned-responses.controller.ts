import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CannedResponseSchema, CreateCannedResponse, ListCannedResponses, UpdateCannedResponse, type WireCannedResponse } from './canned-response.dto.js';
import { CannedResponsesRepository, type CannedResponseRow } from './canned-responses.repository.js';

const byId = { schema: pathId };
const present = (row: CannedResponseRow): WireCannedResponse => ({
  id: row.id, account_id: row.account_id, short_code: row.short_code, content: row.content, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
});
const taken = () => invalid('short_code', 'Short code has already been taken');

/** Canned responses: everybody writes and uses them. */
@Controller('api/v1/accounts/:account_id/canned_responses')
@MemberOnly()
export class CannedResponsesController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly responses: CannedResponsesRepository) {}

  @Get()
  @answers(CannedResponseSchema, { isArray: true })
  list(@CurrentMember() me: Member, @Query({ schema: ListCannedResponses }) query: z.infer<typeof ListCannedResponses>): Promise<WireCannedResponse[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.responses.list(tx, query.search?.trim() ?? '')).map(present));
  }

  @Post()
  @answers(CannedResponseSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateCannedResponse }) body: CreateCannedResponse): Promise<WireCannedResponse> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.responses.insert(tx, body);
      if (!row) throw taken();
      return present(row);
    });
  }

  @Patch(':id')
  @answers(CannedResponseSchema)
  update(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: UpdateCannedResponse }) body: UpdateCannedResponse): Promise<WireCannedResponse> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (body.short_code !== undefined && await this.responses.isCodeTaken(tx, body.short_code, id)) throw taken();
      const row = await this.responses.update(tx, id, body);
      if (!row) throw notFound();
      return present(row);
    });
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.responses.remove(tx, id)) throw notFound();
    });
  }
}
