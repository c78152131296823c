import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound, unprocessable } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CreateSavedFilter, FILTER_TYPES, SavedFilterQuery, SavedFilterSchema, UpdateSavedFilter, type WireSavedFilter } from './saved-filter.dto.js';
import { MAX_SAVED_FILTERS, SavedFiltersRepository, type SavedFilterRow } from './saved-filters.repository.js';

const byId = { schema: pathId };
const present = (row: SavedFilterRow): WireSavedFilter => ({
  id: row.id, name: row.name, filter_type: FILTER_TYPES[row.filter_type]!, query: row.query, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(),
});
type TypeQuery = z.infer<typeof SavedFilterQuery>;

/** A person's own saved filters. */
@Controller('api/v1/accounts/:account_id/custom_filters')
@MemberOnly()
export class SavedFiltersController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly filters: SavedFiltersRepository) {}

  @Get()
  @answers(SavedFilterSchema, { isArray: true })
  list(@CurrentMember() me: Member, @Query({ schema: SavedFilterQuery }) query: TypeQuery): Promise<WireSavedFilter[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.filters.list(tx, me.userId, FILTER_TYPES.indexOf(query.filter_type ?? 'conversation'))).map(present));
  }

  @Post()
  @answers(SavedFilterSchema)
  create(@CurrentMember() me: Member, @Query({ schema: SavedFilterQuery }) query: TypeQuery, @Body({ schema: CreateSavedFilter }) body: CreateSavedFilter): Promise<WireSavedFilter> {
    const type = FILTER_TYPES.indexOf(body.filter_type ?? body.type ?? query.filter_type ?? 'conversation');
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.filters.insert(tx, me.userId, { type, name: body.name, query: body.query });
      if (!row) throw unprocessable(`There are ${MAX_SAVED_FILTERS} saved filters already. Delete some first.`);
      return present(row);
    });
  }

  @Get(':custom_filter_id')
  @answers(SavedFilterSchema)
  show(@CurrentMember() me: Member, @Param('custom_filter_id', byId) id: number): Promise<WireSavedFilter> {
    return this.unitOfWork.run(me.accountId, async (tx) => present(found(await this.filters.find(tx, me.userId, id))));
  }

  @Patch(':custom_filter_id')
  @answers(SavedFilterSchema)
  update(@CurrentMember() me: Member, @Param('custom_filter_id', byId) id: number, @Body({ schema: UpdateSavedFilter }) body: UpdateSavedFilter): Promise<WireSavedFilter> {
    const type = body.filter_type ?? body.type;
    return this.unitOfWork.run(me.accountId, async (tx) =>
      present(found(await this.filters.update(tx, me.userId, id, { type: type && FILTER_TYPES.indexOf(type), name: body.name, query: body.query }))));
  }

  @Delete(':custom_filter_id')
  @answersEmpty(204)
  async remove(@CurrentMember() me: Member, @Param('custom_filter_id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.filters.remove(tx, me.userId, id)) throw notFound();
    });
  }
}

function found(row: SavedFilterRow | undefined): SavedFilterRow {
  if (!row) throw notFound();
  return row;
}
