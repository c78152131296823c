import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AttributeSchema, CreateAttribute, ListAttributes, UpdateAttribute, type WireAttribute } from './attribute.dto.js';
import { isPattern } from './attribute-pattern.js';
import { ATTRIBUTE_MODELS, ATTRIBUTE_TYPES } from './attribute-types.js';
import { AttributesRepository, type AttributeRow } from './attributes.repository.js';

const byId = { schema: pathId };
const UNIQUE_VIOLATION = '23505';

const present = (row: AttributeRow): WireAttribute => ({
  id: row.id, attribute_display_name: row.display_name, attribute_display_type: ATTRIBUTE_TYPES[row.display_type]!, attribute_description: row.description, attribute_key: row.key,
  regex_pattern: row.regex_pattern, regex_cue: row.regex_cue, attribute_values: row.choices, attribute_model: ATTRIBUTE_MODELS[row.model]!, default_value: null,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
});

/** What an account wants to know of its conversations and contacts. Everybody fills it in, administrators define it. */
@Controller('api/v1/accounts/:account_id/custom_attribute_definitions')
export class AttributesController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly attributes: AttributesRepository) {}

  @Get()
  @MemberOnly()
  @answers(AttributeSchema, { isArray: true })
  list(@CurrentMember() me: Member, @Query({ schema: ListAttributes }) query: z.infer<typeof ListAttributes>): Promise<WireAttribute[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.attributes.list(tx, query.attribute_model)).map(present));
  }

  @Post()
  @AdministratorOnly()
  @answers(AttributeSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateAttribute }) body: CreateAttribute): Promise<WireAttribute> {
    refuseBadPattern(body.regex_pattern);
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.attributes.insert(tx, body);
      if (!row) throw invalid('attribute_key', 'Attribute key has already been taken');
      return present(row);
    });
  }

  @Get(':id')
  @MemberOnly()
  @answers(AttributeSchema)
  show(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<WireAttribute> {
    return this.unitOfWork.run(me.accountId, async (tx) => present(found(await this.attributes.find(tx, id))));
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(AttributeSchema)
  update(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: UpdateAttribute }) body: UpdateAttribute): Promise<WireAttribute> {
    refuseBadPattern(body.regex_pattern);
    return this.unitOfWork.run(me.accountId, async (tx) => present(found(await this.attributes.update(tx, id, body)))).catch((error: { code?: string }) => {
      throw error.code === UNIQUE_VIOLATION ? invalid('attribute_key', 'Attribute key has already been taken') : error;
    });
  }

  @Delete(':id')
  @AdministratorOnly()
  @answersEmpty(204)
  async remove(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.attributes.remove(tx, id)) throw notFound();
    });
  }
}

function found(row: AttributeRow | undefined): AttributeRow {
  if (!row) throw notFound();
  return row;
}

function refuseBadPattern(pattern: string | null | undefined): void {
  if (pattern && !isPattern(pattern)) throw invalid('regex_pattern', 'is not a regular expression');
}
