import { Global, Module } from '@nestjs/common';
import { InboxSecretsPort } from '../channels/contract/ports.js';
import { ChangeMembers } from './change-members.service.js';
import { InboxLookup } from './inbox-lookup.service.js';
import { InboxMembersController } from './inbox-members.controller.js';
import { InboxMembersRepository } from './inbox-members.repository.js';
import { InboxSecrets, ReplaceInboxSecrets } from './inbox-secrets.service.js';
import { InboxesController } from './inboxes.controller.js';
import { InboxesRealtime } from './inboxes.realtime.js';
import { InboxesRepository } from './inboxes.repository.js';
import { LabelsController } from './labels.controller.js';
import { LabelsRepository } from './labels.repository.js';
import { SaveInbox } from './save-inbox.service.js';

/** Configured channels, who works in them, and the account's labels. */
@Global()
@Module({
  controllers: [InboxesController, InboxMembersController, LabelsController],
  providers: [InboxesRepository, InboxMembersRepository, LabelsRepository, InboxSecrets, InboxLookup, SaveInbox, { provide: InboxSecretsPort, useClass: ReplaceInboxSecrets }, ChangeMembers, InboxesRealtime],
  exports: [InboxesRepository, InboxMembersRepository, LabelsRepository, InboxSecrets, InboxSecretsPort, InboxLookup, SaveInbox],
})
export class InboxesModule {}
