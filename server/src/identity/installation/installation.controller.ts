import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VERSION } from '../../platform/config/version.js';
import { answers } from '../../platform/http/answers.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { Public } from '../access/access.decorators.js';
import { SessionDoor } from '../sign-in/session-door.js';
import { SignInAnswer } from '../sign-in/sign-in.dto.js';
import { TOKENS_BY_ADDRESS } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { FirstAccount, Installation } from './installation.dto.js';
import { Installations } from './installation.service.js';

/** Whether this installation has anybody yet, and its first administrator. */
@Public()
@Controller('api/v1/installation')
export class InstallationController {
  constructor(
    private readonly installations: Installations, private readonly door: SessionDoor,
    private readonly throttles: Throttles, private readonly mailer: Mailer,
  ) {}

  @Get()
  @answers(Installation)
  async show(): Promise<Installation> {
    return { needs_setup: await this.installations.needsSetup(), version: VERSION, mail_configured: this.mailer.configured };
  }

  @Post()
  @answers(SignInAnswer)
  async setUp(@Body({ schema: FirstAccount }) body: FirstAccount, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignInAnswer> {
    this.door.demandOwnPage(request, 'cookie');
    await this.throttles.take(TOKENS_BY_ADDRESS, networkOf(request.ip));
    const userId = await this.installations.setUp(body);
    return this.door.answer(request, reply, 'cookie', { userId });
  }
}
