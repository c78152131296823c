import { Body, Get, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import { InboxMembersRepository } from '../../inboxes/inbox-members.repository.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { ChatOpenings } from '../contract/chat-openings.js';
import { TranscriptPort } from '../contract/ports.js';
import { embeddingPage } from './embedding-site.policy.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import { NoteSighting } from './note-sighting.service.js';
import { VisitorRoutes } from './visitor-routes.js';
import { CurrentVisitor, TokenOptional, type Visitor } from './visitor.js';
import { VisitorTokens } from './visitor-tokens.service.js';
import { OnlineMembers, ReportEvent, StartWidget, WidgetCampaigns, WidgetConfig } from './widget-config.dto.js';
import { WidgetLimits } from './widget-limits.service.js';
import { WidgetPresenter } from './widget.presenter.js';

/** How the chat starts: its settings, who is there, and what it reports. */
@VisitorRoutes('', { tokenOptional: true })
export class WidgetController {
  constructor(
    private readonly tokens: VisitorTokens, private readonly identify: IdentifyVisitor, private readonly presenter: WidgetPresenter, private readonly limits: WidgetLimits,
    private readonly sightings: NoteSighting, private readonly openings: ChatOpenings, private readonly members: InboxMembersRepository, private readonly agents: AgentPresenter, private readonly unitOfWork: UnitOfWork,
    private readonly transcripts: TranscriptPort,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('config')
  @TokenOptional()
  @answers(WidgetConfig)
  async start(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: StartWidget }) body: StartWidget): Promise<WidgetConfig> {
    const page = embeddingPage(this.config, request, body.referer_url ?? undefined, visitor.sites);
    if (!visitor.known) await this.limits.session(request);
    if (page) await this.sightings.note(visitor, page);
    const shown = request.headers['x-auth-token'];
    const token = visitor.known && !visitor.stale ? String(shown) : this.tokens.issue(visitor.inbox.id, visitor.sourceId);
    const identity = visitor.known ? await this.identify.current(visitor) : undefined;
    return this.presenter.start(visitor, token, identity, body.locale, await this.transcripts.available(visitor.accountId));
  }

  @Get('inbox_members')
  @TokenOptional()
  @answers(OnlineMembers)
  async online(@CurrentVisitor() visitor: Visitor): Promise<z.infer<typeof OnlineMembers>> {
    const rows = await this.unitOfWork.run(visitor.accountId, (tx) => this.members.members(tx, visitor.inbox.id));
    const people = await this.agents.list(visitor.accountId, rows);
    return {
      payload: people.filter((person) => person.availability_status === 'online').map((person) => ({
        id: person.id, name: person.available_name, available_name: person.available_name, avatar_url: person.thumbnail, thumbnail: person.thumbnail,
        availability_status: person.availability_status, type: 'user' as const })) };
  }

  /** Programs that open the chat ask what it would say by itself. */
  @Get('campaigns')
  @TokenOptional()
  @answers(WidgetCampaigns)
  campaigns(): z.infer<typeof WidgetCampaigns> {
    return [];
  }

  @Post('events')
  @TokenOptional()
  @answersEmpty(204)
  async report(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: ReportEvent }) body: ReportEvent): Promise<void> {
    if (body.name !== 'webwidget.triggered') return;
    // A browser without a token has no identity yet that anybody could answer to.
    if (visitor.known) this.openings.tell({ accountId: visitor.accountId, inboxId: visitor.inbox.id, sourceId: visitor.sourceId, info: body.event_info ?? {} });
    const referer = body.event_info?.['referer'] ?? body.event_info?.['referer_url'];
    const page = embeddingPage(this.config, request, typeof referer === 'string' ? referer : undefined, visitor.sites);
    if (page) await this.sightings.note(visitor, page);
  }
}
