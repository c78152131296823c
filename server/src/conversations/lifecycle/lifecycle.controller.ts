import { Body, Controller, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CheckAttributes } from '../../contacts/attributes/check-attributes.service.js';
import { Events } from '../../delivery/events.js';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import type { Actor } from '../actor.js';
import { conversationChanges } from '../conversation-changes.js';
import { Status, STATUSES } from '../conversation-codes.js';
import type { ConversationRow } from '../conversations.repository.js';
import { ConversationSchema, type WireConversation } from '../queries/conversation.dto.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { ChangePriority } from './change-priority.service.js';
import { ChangeStatus } from './change-status.service.js';
import { CreateConversationService } from './create-conversation.service.js';
import { AttributesAnswer, CreateConversation, ReplaceAttributes, ToggledStatus, TogglePriority, ToggleStatus, UpdateConversation } from './lifecycle.dto.js';
import { LifecycleRepository } from './lifecycle.repository.js';
import { MuteContact } from './mute-contact.service.js';

const byId = { schema: pathId };

/** What is done with a conversation from its beginning to its end. */
@Controller('api/v1/accounts/:account_id/conversations')
@MemberOnly()
export class LifecycleController {
  constructor(
    private readonly act: ActOnConversation, private readonly unitOfWork: UnitOfWork, private readonly creation: CreateConversationService, private readonly statuses: ChangeStatus,
    private readonly priorities: ChangePriority, private readonly muting: MuteContact, private readonly lifecycle: LifecycleRepository, private readonly events: Events,
    private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter, private readonly clock: Clock,
    private readonly attributeValues: CheckAttributes,
  ) {}

  @Post()
  @BotsToo()
  @answers(ConversationSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateConversation }) body: CreateConversation): Promise<WireConversation> {
    if (body.status === 'snoozed') this.refusePast(body.snoozed_until);
    return this.unitOfWork.run(me.accountId, async (tx) => this.show(tx, me, await this.creation.create(tx, me, body)));
  }

  @Patch(':id')
  @BotsToo()
  @answers(ConversationSchema)
  update(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: UpdateConversation }) body: UpdateConversation): Promise<WireConversation> {
    return this.act.run(me, id, async (tx, conversation) => {
      if (body.priority !== undefined) await this.priorities.change(tx, conversation, body.priority, await this.actor(tx, me));
      if (body.custom_attributes) await this.writeAttributes(tx, me, conversation, await this.attributeValues.checked(tx, 'conversation_attribute', body.custom_attributes));
      return this.show(tx, me, id);
    });
  }

  /** Without a status it opens what is not open, and resolves what is. */
  @Post(':id/toggle_status')
  @BotsToo()
  @answers(ToggledStatus)
  toggleStatus(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: ToggleStatus }) body: ToggleStatus): Promise<z.infer<typeof ToggledStatus>> {
    if (body.status === 'snoozed') this.refusePast(body.snoozed_until);
    return this.act.run(me, id, async (tx, conversation) => {
      const status = body.status ? STATUSES.indexOf(body.status) : conversation.status === Status.open ? Status.resolved : Status.open;
      const until = status === Status.snoozed ? body.snoozed_until ?? null : null;
      await this.statuses.change(tx, conversation, status, until, await this.actor(tx, me));
      return { meta: {}, payload: { success: true, conversation_id: id, current_status: STATUSES[status]!, snoozed_until: until?.toISOString() ?? null } };
    });
  }

  @Post(':id/toggle_priority')
  @BotsToo()
  @answersEmpty()
  async togglePriority(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: TogglePriority }) body: TogglePriority): Promise<void> {
    await this.act.run(me, id, async (tx, conversation) => this.priorities.change(tx, conversation, body.priority, await this.actor(tx, me)));
  }

  @Post(':id/mute')
  @answersEmpty()
  async mute(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.act.run(me, id, async (tx, conversation) => this.muting.set(tx, conversation, true, await this.actor(tx, me)));
  }

  @Post(':id/unmute')
  @answersEmpty()
  async unmute(@CurrentMember() me: Member, @Param('id', byId) id: number): Promise<void> {
    await this.act.run(me, id, async (tx, conversation) => this.muting.set(tx, conversation, false, await this.actor(tx, me)));
  }

  @Post(':id/custom_attributes')
  @BotsToo()
  @answers(AttributesAnswer)
  attributes(@CurrentMember() me: Member, @Param('id', byId) id: number, @Body({ schema: ReplaceAttributes }) body: z.infer<typeof ReplaceAttributes>): Promise<z.infer<typeof AttributesAnswer>> {
    return this.act.run(me, id, async (tx, conversation) => {
      const attributes = await this.attributeValues.checked(tx, 'conversation_attribute', body.custom_attributes);
      await this.writeAttributes(tx, me, conversation, attributes);
      return { custom_attributes: attributes };
    });
  }

  private async writeAttributes(tx: Tx, me: Member, conversation: ConversationRow, attributes: Record<string, unknown>): Promise<void> {
    await this.lifecycle.setCustomAttributes(tx, conversation.id, attributes);
    const changes = conversationChanges(conversation, { custom_attributes: attributes });
    await this.events.append(tx, { type: 'conversation.updated', conversationId: conversation.id, actorId: me.userId, payload: { changed: ['custom_attributes'], changes } });
  }

  private async actor(tx: Tx, me: Member): Promise<Actor> {
    return { userId: me.userId, name: await this.lifecycle.nameOf(tx, me) };
  }

  private refusePast(until: Date | null | undefined): void {
    if (until && until.getTime() <= this.clock.now()) throw invalid('snoozed_until', 'must be in the future');
  }

  private async show(tx: Tx, me: Member, id: number): Promise<WireConversation> {
    return this.presenter.one(tx, (await this.reader.find(tx, me, id))!);
  }
}
