import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Events } from '../delivery/events.js';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import './inbox.events.js';
import { CreateLabel, LabelList, LabelSchema, UpdateLabel } from './label.dto.js';
import { LabelsRepository, type LabelRow } from './labels.repository.js';

type WireLabel = z.infer<typeof LabelSchema>;

const present = (row: LabelRow): WireLabel => ({ id: row.id, title: row.title, description: row.description, color: row.color, show_on_sidebar: row.show_on_sidebar });
const taken = () => invalid('title', 'Title has already been taken');

/** The account's labels. Everybody uses them, administrators keep them. */
@Controller('api/v1/accounts/:account_id/labels')
export class LabelsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly labels: LabelsRepository, private readonly events: Events) {}

  @Get()
  @MemberOnly()
  @answers(LabelList)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof LabelList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (await this.labels.list(tx)).map(present) }));
  }

  @Post()
  @AdministratorOnly()
  @answers(LabelSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateLabel }) body: CreateLabel): Promise<WireLabel> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.labels.insert(tx, body);
      if (!row) throw taken();
      await this.events.append(tx, { type: 'label.updated', payload: { label_id: row.id } });
      return present(row);
    });
  }

  @Get(':id')
  @AdministratorOnly()
  @answers(LabelSchema)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireLabel> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.labels.find(tx, id);
      if (!row) throw notFound();
      return present(row);
    });
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(LabelSchema)
  update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateLabel }) body: UpdateLabel): Promise<WireLabel> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (body.title !== undefined && await this.labels.isTitleTaken(tx, body.title, id)) throw taken();
      const row = await this.labels.update(tx, id, body);
      if (!row) throw notFound();
      await this.events.append(tx, { type: 'label.updated', payload: { label_id: id } });
      return present(row);
    });
  }

  @Delete(':id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.labels.remove(tx, id)) throw notFound();
      await this.events.append(tx, { type: 'label.updated', payload: { label_id: id, deleted: true } });
    });
  }
}
