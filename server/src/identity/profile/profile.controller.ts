import { Body, Controller, Delete, Get, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AcceptsImage } from '../../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { CurrentUser, SignedIn, WantsFreshProof } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { AnyScopedToken } from '../access/token-scopes.js';
import { SessionDoor } from '../sign-in/session-door.js';
import { User } from '../users/user.dto.js';
import { UserPresenter } from '../users/user.presenter.js';
import { ActiveAccount, AutoOfflineChange, AvailabilityChange, ProfileChanges } from './profile.dto.js';
import { Profile } from './profile.service.js';

/** The signed-in person themself. */
@SignedIn({ beforeMfa: true })
@Controller('api/v1/profile')
export class ProfileController {
  constructor(private readonly profile: Profile, private readonly presenter: UserPresenter, private readonly door: SessionDoor) {}

  @Get()
  @AnyScopedToken()
  @answers(User)
  async show(@CurrentUser() user: Principal): Promise<User> {
    const shown = await this.presenter.present(user);
    // Whose it is every program may ask; what opens the sockets and other accounts is not for a scoped token.
    return user.grant ? { ...shown, pubsub_token: '', accounts: shown.accounts.filter(({ id }) => id === user.grant?.accountId) } : shown;
  }

  @Put()
  @AcceptsImage()
  @answers(User)
  async update(
    @CurrentUser() user: Principal, @Body({ schema: ProfileChanges }) body: ProfileChanges, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    await this.profile.update(user, body);
    // Whoever had the password may have this browser's cookie as well.
    if (body.password !== undefined && user.proof === 'cookie') return (await this.door.renew(request, reply, user.userId)).data;
    return this.presenter.present(user);
  }

  @Post('availability')
  @answers(User)
  async availability(@CurrentUser() user: Principal, @Body({ schema: AvailabilityChange }) body: AvailabilityChange): Promise<User> {
    await this.profile.setAvailability(user.userId, body.account_id, body.availability);
    return this.presenter.present(user);
  }

  /** Whether this person counts as offline while no dashboard of theirs is open. */
  @Post('auto_offline')
  @answers(User)
  async autoOffline(@CurrentUser() user: Principal, @Body({ schema: AutoOfflineChange }) body: AutoOfflineChange): Promise<User> {
    await this.profile.setAutoOffline(user.userId, body.account_id, body.auto_offline);
    return this.presenter.present(user);
  }

  @Delete('avatar')
  @answers(User)
  async removeAvatar(@CurrentUser() user: Principal): Promise<User> {
    await this.profile.removeAvatar(user.userId);
    return this.presenter.present(user);
  }

  @SignedIn()
  @Post('reset_access_token')
  @WantsFreshProof()
  @answers(User, { description: 'The only answer that shows the new token.' })
  async resetAccessToken(@CurrentUser() user: Principal): Promise<User> {
    return this.presenter.present(user.sessionId === undefined ? { userId: user.userId, byTheirToken: true } : user, await this.profile.resetAccessToken(user.userId));
  }

  @Put('set_active_account')
  @answersEmpty()
  async setActiveAccount(@CurrentUser() user: Principal, @Body({ schema: ActiveAccount }) body: ActiveAccount): Promise<void> {
    await this.profile.setActiveAccount(user.userId, body.account_id);
  }
}
