import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { AdministratorOnly, CurrentMember } from '../../../identity/access/access.decorators.js';
import type { Member } from '../../../identity/access/principal.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers, answersEmpty, seconds } from '../../../platform/http/answers.js';
import { notFound } from '../../../platform/http/problem.js';
import { text } from '../../../platform/http/schema-fields.js';

const pattern = text(254).trim().toLowerCase().transform((value) => value.replace(/^@/, '')).pipe(z.string().regex(/^([^@\s]+@)?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is neither an address nor a domain'));
const CreateMailBlock = z.object({ pattern });
const MailBlock = z.object({ pattern: z.string(), created_at: seconds, user_id: z.int().nullable() }).meta({ id: 'MailBlock' });
const MailBlocks = z.object({ payload: z.array(MailBlock) });
interface BlockRow { pattern: string; created_at: Date; user_id: number | null }
const present = (row: BlockRow): z.infer<typeof MailBlock> => ({ pattern: row.pattern, created_at: Math.floor(row.created_at.getTime() / 1000), user_id: row.user_id });
const LISTED = 1_000;

/** Addresses and domains whose mail is spam for this account. */
@Controller('api/v1/accounts/:account_id/mail_blocks')
export class MailBlocksController {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @Get()
  @AdministratorOnly()
  @answers(MailBlocks)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof MailBlocks>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({
      payload: (await tx.sql<BlockRow>('SELECT pattern, created_at, user_id FROM mail_blocks WHERE account_id = $1 ORDER BY pattern LIMIT $2', [me.accountId, LISTED])).map(present),
    }));
  }

  @Post()
  @AdministratorOnly()
  @answers(MailBlock)
  create(@CurrentMember() me: Member, @Body({ schema: CreateMailBlock }) body: z.infer<typeof CreateMailBlock>): Promise<z.infer<typeof MailBlock>> {
    return this.unitOfWork.run(me.accountId, async (tx) => present((await tx.one<BlockRow>(
      `INSERT INTO mail_blocks (account_id, pattern, user_id) VALUES ($1, $2, $3) ON CONFLICT (account_id, pattern) DO UPDATE SET pattern = excluded.pattern RETURNING pattern, created_at, user_id`,
      [me.accountId, body.pattern, me.userId]))!));
  }

  @Delete(':pattern')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('pattern') given: string): Promise<void> {
    const known = pattern.safeParse(given);
    const gone = known.success ? await this.unitOfWork.run(me.accountId, (tx) => tx.sql('DELETE FROM mail_blocks WHERE account_id = $1 AND pattern = $2 RETURNING pattern', [me.accountId, known.data])) : [];
    if (gone.length === 0) throw notFound();
  }
}
