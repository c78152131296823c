import { Body, Controller, Delete, Get, Param, Patch, Post, Put } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Agent } from '../../identity/agents/agent.dto.js';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { secondsOf } from '../conversation-codes.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { MessagePresenter } from '../messages/message.presenter.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { ConversationAttachments, DraftAnswer, Participants, SaveDraft, UnreadCounts } from './desk.dto.js';
import { DeskRepository } from './desk.repository.js';
import { DraftsRepository } from './drafts.repository.js';

const byId = { schema: pathId };

/** What an agent has on the desk beside the thread: drafts, who follows, files, what is unread. */
@Controller('api/v1/accounts/:account_id/conversations')
@MemberOnly()
export class DeskController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly drafts: DraftsRepository, private readonly desk: DeskRepository,
    private readonly members: InboxMembersRepository, private readonly agents: AgentPresenter, private readonly messages: MessagesRepository, private readonly presenter: MessagePresenter,
  ) {}

  @Get('unread_counts')
  @answers(UnreadCounts)
  unread(@CurrentMember() me: Member): Promise<z.infer<typeof UnreadCounts>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const rows = await this.desk.unread(tx, await this.members.visibleInboxIds(tx, me), me.userId);
      const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + pick(row), 0);
      return { total: sum((row) => row.n), mine: sum((row) => row.mine), inboxes: Object.fromEntries(rows.map((row) => [row.inbox_id, row.n])) };
    });
  }

  @Get(':id/draft_messages')
  @answers(DraftAnswer)
  draft(@CurrentMember() me: Member, @Param('id', byId) displayId: number): Promise<z.infer<typeof DraftAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ draft: await this.drafts.find(tx, await this.idOf(tx, me, displayId), me.userId) ?? null }));
  }

  @Patch(':id/draft_messages')
  @answers(DraftAnswer)
  saveDraft(@CurrentMember() me: Member, @Param('id', byId) displayId: number, @Body({ schema: SaveDraft }) { draft }: SaveDraft): Promise<z.infer<typeof DraftAnswer>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const id = await this.idOf(tx, me, displayId);
      if (draft?.content) await this.drafts.save(tx, id, me.userId, draft);
      else await this.drafts.remove(tx, id, me.userId);
      return { draft: draft?.content ? draft : null };
    });
  }

  @Delete(':id/draft_messages')
  @answersEmpty()
  async removeDraft(@CurrentMember() me: Member, @Param('id', byId) displayId: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => this.drafts.remove(tx, await this.idOf(tx, me, displayId), me.userId));
  }

  @Get(':id/participants')
  @answers(Agent, { isArray: true })
  participants(@CurrentMember() me: Member, @Param('id', byId) displayId: number): Promise<Agent[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.shown(tx, me, await this.idOf(tx, me, displayId)));
  }

  @Put(':id/participants')
  @answers(Agent, { isArray: true })
  replace(@CurrentMember() me: Member, @Param('id', byId) displayId: number, @Body({ schema: Participants }) body: Participants): Promise<Agent[]> {
    return this.change(me, displayId, body, (tx, id) => this.desk.replaceParticipants(tx, id, body.user_ids));
  }

  @Patch(':id/participants')
  @answers(Agent, { isArray: true })
  replaceToo(@CurrentMember() me: Member, @Param('id', byId) displayId: number, @Body({ schema: Participants }) body: Participants): Promise<Agent[]> {
    return this.replace(me, displayId, body);
  }

  @Post(':id/participants')
  @answers(Agent, { isArray: true })
  add(@CurrentMember() me: Member, @Param('id', byId) displayId: number, @Body({ schema: Participants }) body: Participants): Promise<Agent[]> {
    return this.change(me, displayId, body, (tx, id) => this.desk.addParticipants(tx, id, body.user_ids));
  }

  @Delete(':id/participants')
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', byId) displayId: number, @Body({ schema: Participants }) body: Participants): Promise<void> {
    await this.change(me, displayId, body, (tx, id) => this.desk.removeParticipants(tx, id, body.user_ids), { alsoWhoFollows: true });
  }

  @Get(':id/attachments')
  @answers(ConversationAttachments)
  attachments(@CurrentMember() me: Member, @Param('id', byId) displayId: number): Promise<z.infer<typeof ConversationAttachments>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const conversationId = await this.idOf(tx, me, displayId);
      const { ids, total } = await this.desk.messagesWithFiles(tx, conversationId);
      const rows = await this.messages.listed(tx, ids.map((id) => ({ conversationId, id })));
      const shown = await this.presenter.list(rows.sort((a, b) => b.id - a.id), displayId);
      return {
        meta: { total_count: total },
        payload: shown.flatMap((message, i) => (message.attachments ?? []).map((file) => ({ ...file, created_at: secondsOf(rows[i]!.created_at), sender: message.sender ?? null }))),
      };
    });
  }

  /** Only colleagues who can see the conversation can follow it; who follows and no longer sees it, or has left, can still be taken out. */
  private change(
    me: Member, displayId: number, { user_ids: userIds }: Participants, work: (tx: Tx, conversationId: number) => Promise<void>, { alsoWhoFollows = false } = {},
  ): Promise<Agent[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const conversation = await this.conversations.lock(tx, me, displayId);
      if (!conversation) throw notFound();
      const able = new Set((await this.members.assignable(tx, [conversation.inbox_id])).map((row) => row.id));
      if (alsoWhoFollows) for (const id of await this.desk.followers(tx, conversation.id)) able.add(id);
      if (userIds.some((id) => !able.has(id))) throw invalid('user_ids', 'names somebody who cannot see this conversation');
      await work(tx, conversation.id);
      return this.shown(tx, me, conversation.id);
    });
  }

  private async shown(tx: Tx, me: Member, conversationId: number): Promise<Agent[]> {
    return this.agents.list(me.accountId, await this.desk.participants(tx, conversationId));
  }

  private async idOf(tx: Tx, me: Member, displayId: number): Promise<number> {
    const conversation = await this.conversations.find(tx, me, displayId);
    if (!conversation) throw notFound();
    return conversation.id;
  }
}
