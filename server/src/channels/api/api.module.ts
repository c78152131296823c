import { Module } from '@nestjs/common';
import { ApiChannel } from './api.channel.js';
import { ClientContactsController } from './client-contacts.controller.js';
import { ClientContacts } from './client-contacts.service.js';
import { ClientConversationsController } from './client-conversations.controller.js';
import { ClientGuard } from './client.guard.js';
import { ClientLimits } from './client-limits.service.js';
import { ClientMessagesController } from './client-messages.controller.js';

/** An inbox for the customer's own programs, and the API of what they put in front of people. */
@Module({ controllers: [ClientContactsController, ClientConversationsController, ClientMessagesController], providers: [ApiChannel, ClientGuard, ClientLimits, ClientContacts], exports: [ApiChannel] })
export class ApiModule {}
