import { Global, Module } from '@nestjs/common';
import { InboxSecretsPort } from '../channels/contract/ports.js';
import { AnswerersRepository } from './answerers.repository.js';
import { ChangeMembers } from './change-members.service.js';
import { InboxLookup } from './inbox-lookup.service.js';
import { InboxMembersController } from './inbox-members.controller.js';
import { InboxMembersRepository } from './inbox-members.repository.js';
import { InboxSecrets, ReplaceInboxSecrets } from './inbox-secrets.service.js';
import { InboxesController } from './inboxes.controller.js';
import { InboxesRealtime } from './inboxes.realtime.js';
import { InboxesRepository } from './inboxes.repository.js';
import { KeepAnswerers } from './keep-answerers.service.js';
import { LabelsController } from './labels.controller.js';
import { LabelsRepository } from './labels.repository.js';
import { SaveInbox } from './save-inbox.service.js';
import { TeamMembersController } from './teams/team-members.controller.js';
import { TeamsController } from './teams/teams.controller.js';
import { TeamsRepository } from './teams/teams.repository.js';

/** Configured channels, who works in them, and the account's labels and teams. */
@Global()
@Module({
  controllers: [InboxesController, InboxMembersController, LabelsController, TeamsController, TeamMembersController],
  providers: [InboxesRepository, InboxMembersRepository, LabelsRepository, TeamsRepository, InboxSecrets, InboxLookup, SaveInbox, { provide: InboxSecretsPort, useClass: ReplaceInboxSecrets }, ChangeMembers, InboxesRealtime, AnswerersRepository, KeepAnswerers],
  exports: [InboxesRepository, InboxMembersRepository, LabelsRepository, TeamsRepository, InboxSecrets, InboxSecretsPort, InboxLookup, SaveInbox, AnswerersRepository, KeepAnswerers],
})
export class InboxesModule {}
