import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import type { z } from 'zod';
import { answers } from '../../platform/http/answers.js';
import { CurrentUser, SignedIn, WantsFreshProof } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { BackupCodes, CodeRequest, DisableMfa, MfaEnabled, MfaEnrolment, MfaState } from './mfa.dto.js';
import { Mfa } from './mfa.service.js';

/** A person's second factor. */
@SignedIn({ beforeMfa: true })
@Controller('api/v1/profile/mfa')
export class MfaController {
  constructor(private readonly mfa: Mfa) {}

  @Get()
  @answers(MfaState)
  state(@CurrentUser() user: Principal): Promise<z.infer<typeof MfaState>> {
    return this.mfa.state(user.userId);
  }

  @Post()
  @WantsFreshProof()
  @answers(MfaEnrolment)
  start(@CurrentUser() user: Principal): Promise<z.infer<typeof MfaEnrolment>> {
    return this.mfa.start(user.userId);
  }

  @Post('verify')
  @answers(MfaEnabled)
  async verify(@CurrentUser() user: Principal, @Body({ schema: CodeRequest }) body: z.infer<typeof CodeRequest>): Promise<z.infer<typeof MfaEnabled>> {
    return { enabled: true, backup_codes: await this.mfa.enable(user.userId, body.otp_code) };
  }

  @Delete()
  @answers(MfaState)
  async disable(@CurrentUser() user: Principal, @Body({ schema: DisableMfa }) body: z.infer<typeof DisableMfa>): Promise<z.infer<typeof MfaState>> {
    await this.mfa.disable(user.userId, body.password, { otpCode: body.otp_code, backupCode: body.backup_code });
    return this.mfa.state(user.userId);
  }

  @Post('backup_codes')
  @answers(BackupCodes)
  async renewCodes(@CurrentUser() user: Principal, @Body({ schema: CodeRequest }) body: z.infer<typeof CodeRequest>): Promise<z.infer<typeof BackupCodes>> {
    return { backup_codes: await this.mfa.renewCodes(user.userId, body.otp_code) };
  }
}
