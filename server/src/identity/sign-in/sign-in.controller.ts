import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answers } from '../../platform/http/answers.js';
import { CurrentUser, Public, SignedIn } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Sessions } from '../sessions/sessions.service.js';
import { UserPresenter } from '../users/user.presenter.js';
import { DEVICE_COOKIE } from './known-devices.service.js';
import { SessionDoor } from './session-door.js';
import { SignInAnswer, SignInRequest, ValidatedToken } from './sign-in.dto.js';
import { SignIn } from './sign-in.service.js';

const SignedOut = z.object({ success: z.literal(true) });

/** Coming and going. */
@Controller('auth')
export class SignInController {
  constructor(private readonly signIn: SignIn, private readonly door: SessionDoor, private readonly sessions: Sessions, private readonly presenter: UserPresenter) {}

  @Public()
  @Post('sign_in')
  @answers(SignInAnswer, { description: 'Signed in; or 206 with a token for the second step.' })
  async come(@Body({ schema: SignInRequest }) body: SignInRequest, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SignInAnswer> {
    const wanted = body.session ?? 'headers';
    this.door.demandOwnPage(request, wanted);
    const outcome = body.mfa_token === undefined
      ? body.sso_auth_token === undefined ? await this.signIn.withPassword(body.email!, body.password!, request.ip, request.cookies[DEVICE_COOKIE]) : await this.signIn.withLink(body.email!, body.sso_auth_token, request.ip)
      : await this.signIn.withSecondFactor(body.mfa_token, { otpCode: body.otp_code, backupCode: body.backup_code });
    return this.door.answer(request, reply, wanted, outcome);
  }

  @SignedIn({ beforeMfa: true })
  @Get('validate_token')
  @answers(ValidatedToken)
  async validate(@CurrentUser() user: Principal): Promise<z.infer<typeof ValidatedToken>> {
    return { payload: { success: true, data: await this.presenter.present(user) } };
  }

  @SignedIn({ beforeMfa: true })
  @Delete('sign_out')
  @answers(SignedOut)
  async go(@CurrentUser() user: Principal, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof SignedOut>> {
    if (user.sessionId !== undefined) await this.sessions.end(user.userId, user.sessionId);
    if (user.proof === 'cookie') this.door.clearCookie(request, reply);
    return { success: true };
  }
}
