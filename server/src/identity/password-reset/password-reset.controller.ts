import { Body, Controller, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { answers } from '../../platform/http/answers.js';
import { networkOf } from '../../platform/http/network-of.js';
import { Public } from '../access/access.decorators.js';
import { RESET_BY_ADDRESS, TOKENS_BY_ADDRESS } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { ResetPassword, ResetRequest, Told } from './password-reset.dto.js';
import { PasswordReset } from './password-reset.service.js';

/** Forgotten passwords. */
@Public()
@Controller('auth/password')
export class PasswordResetController {
  constructor(private readonly reset: PasswordReset, private readonly throttles: Throttles) {}

  @Post()
  @answers(Told, { description: 'The same whether or not somebody has this address.' })
  async request(@Body({ schema: ResetRequest }) body: z.infer<typeof ResetRequest>, @Req() request: FastifyRequest): Promise<z.infer<typeof Told>> {
    await this.throttles.take(RESET_BY_ADDRESS, networkOf(request.ip));
    await this.reset.request(body.email);
    return { message: 'If somebody has this address, they will get a mail with a link to choose a new password.' };
  }

  @Put()
  @answers(Told)
  async set(@Body({ schema: ResetPassword }) body: ResetPassword, @Req() request: FastifyRequest): Promise<z.infer<typeof Told>> {
    await this.throttles.take(TOKENS_BY_ADDRESS, networkOf(request.ip));
    await this.reset.set(body);
    return { message: 'Your password has been changed. You can sign in now.' };
  }
}
