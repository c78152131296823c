import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Events } from '../delivery/events.js';
import { CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import type { Member } from '../identity/access/principal.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import { DestroyAll, ListQuery, NotificationPage, NotificationSchema, ReadAll, Snooze, type WireNotification } from './notification.dto.js';
import './notification.events.js';
import { NotificationPresenter } from './notification.presenter.js';
import { NotificationsRepository, type NotificationRow } from './notifications.repository.js';

const byId = { schema: pathId };

/** What the signed-in person was told. */
@Controller('api/v1/accounts/:account_id/notifications')
@MemberOnly()
export class NotificationsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly notifications: NotificationsRepository, private readonly presenter: NotificationPresenter,
    private readonly events: Events, private readonly clock: Clock,
  ) {}

  /** 15 a page. Read and snoozed ones are left out unless `includes[]` names them. */
  @Get()
  @answers(NotificationPage)
  list(@CurrentMember() me: Member, @Query({ schema: ListQuery }) query: ListQuery): Promise<z.infer<typeof NotificationPage>> {
    const wanted = { read: query.includes.includes('read'), snoozed: query.includes.includes('snoozed') };
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = await this.notifications.list(tx, me.userId, { ...wanted, order: query.sort_order, page: query.page });
      const { unread, all } = await this.notifications.counts(tx, me.userId, wanted);
      return { data: { meta: { unread_count: unread, count: all, current_page: query.page }, payload: await this.presenter.list(tx, rows) } };
    });
  }

  /** The bare number. */
  @Get('unread_count')
  @answers(z.int())
  unreadCount(@CurrentMember() me: Member): Promise<number> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.notifications.counts(tx, me.userId, { read: false, snoozed: false })).unread);
  }

  /** All of them, or those of one conversation. */
  @Post('read_all')
  @answersEmpty()
  async readAll(@CurrentMember() me: Member, @Body({ schema: ReadAll }) body: z.infer<typeof ReadAll>): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if ((await this.notifications.readAll(tx, me.userId, this.clock.date(), body.primary_actor_id ?? null)).length > 0) await this.changed(tx, me);
    });
  }

  /** All of them, or those that were read. */
  @Post('destroy_all')
  @answersEmpty()
  async destroyAll(@CurrentMember() me: Member, @Body({ schema: DestroyAll }) body: z.infer<typeof DestroyAll>): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (await this.notifications.removeAll(tx, me.userId, body.type === 'read') > 0) await this.changed(tx, me);
    });
  }

  /** Marks it read. */
  @Patch(':id')
  @answers(NotificationSchema)
  read(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<WireNotification> {
    return this.change(me, id, (tx) => this.notifications.setRead(tx, id, this.clock.date()));
  }

  @Post(':id/unread')
  @answers(NotificationSchema)
  unread(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<WireNotification> {
    return this.change(me, id, (tx) => this.notifications.setRead(tx, id, null));
  }

  /** Away until then, and unread again after. */
  @Post(':id/snooze')
  @answers(NotificationSchema)
  snooze(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: Snooze }) body: z.infer<typeof Snooze>): Promise<WireNotification> {
    return this.change(me, id, (tx) => this.notifications.snooze(tx, id, body.snoozed_until));
  }

  @Delete(':id')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      await this.find(tx, me, id);
      await this.notifications.remove(tx, id);
      await this.events.append(tx, { type: 'notification.deleted', actorId: me.userId, payload: { notification_id: id, user_id: me.userId } });
    });
  }

  private change(me: Member, id: number, change: (tx: Tx) => Promise<void>): Promise<WireNotification> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.find(tx, me, id);
      await change(tx);
      await this.events.append(tx, { type: 'notification.updated', actorId: me.userId, payload: { notification_id: id, user_id: me.userId } });
      const [shown] = await this.presenter.list(tx, [await this.find(tx, me, id)]);
      if (!shown) throw notFound();
      return shown;
    });
  }

  private async find(tx: Tx, me: Member, id: number): Promise<NotificationRow> {
    const row = await this.notifications.find(tx, me.userId, id);
    if (!row) throw notFound();
    return row;
  }

  private changed(tx: Tx, me: Member): Promise<void> {
    return this.events.append(tx, { type: 'notifications.changed', actorId: me.userId, payload: { user_id: me.userId } });
  }
}
