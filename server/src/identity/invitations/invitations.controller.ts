import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { answers } from '../../platform/http/answers.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Public } from '../access/access.decorators.js';
import { SessionDoor } from '../sign-in/session-door.js';
import { SignInAnswer } from '../sign-in/sign-in.dto.js';
import { TOKENS_BY_ADDRESS } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { AcceptInvitations } from './accept-invitation.service.js';
import { AcceptInvitation, Invitation, InvitationQuery } from './invitation.dto.js';

/** What an invited person's link leads to. */
@Public()
@Controller('auth/invitation')
export class InvitationsController {
  constructor(private readonly invitations: AcceptInvitations, private readonly door: SessionDoor, private readonly throttles: Throttles) {}

  @Get()
  @answers(Invitation)
  async show(@Query({ schema: InvitationQuery }) query: z.infer<typeof InvitationQuery>, @Req() request: FastifyRequest): Promise<Invitation> {
    await this.throttles.take(TOKENS_BY_ADDRESS, networkOf(request.ip));
    return this.invitations.show(query.token);
  }

  @Post()
  @answers(SignInAnswer)
  async accept(@Body({ schema: AcceptInvitation }) body: AcceptInvitation, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignInAnswer> {
    const wanted = body.session ?? 'headers';
    this.door.demandOwnPage(request, wanted);
    await this.throttles.take(TOKENS_BY_ADDRESS, networkOf(request.ip));
    return this.door.answer(request, reply, wanted, await this.invitations.accept(body));
  }
}
