import { Module } from '@nestjs/common';
import { AgentBotsModule } from '../agent-bots/agent-bots.module.js';
import { EraseAccounts } from './erase-accounts.job.js';
import { KeepPlatformUsers } from './keep-platform-users.service.js';
import { PlatformAccountsController } from './platform-accounts.controller.js';
import { PlatformBotsController } from './platform-bots.controller.js';
import { PlatformMembersController } from './platform-members.controller.js';
import { PlatformMembers } from './platform-members.service.js';
import { PlatformPermissions } from './platform-permissions.repository.js';
import { PlatformUsersController } from './platform-users.controller.js';

/** Chatwoot's platform API: programs of the operator that make accounts, people and bots. */
@Module({
  imports: [AgentBotsModule], controllers: [PlatformAccountsController, PlatformMembersController, PlatformUsersController, PlatformBotsController],
  providers: [PlatformPermissions, PlatformMembers, KeepPlatformUsers, EraseAccounts],
})
export class PlatformApiModule {}
