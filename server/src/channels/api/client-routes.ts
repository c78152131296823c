import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { Public } from '../../identity/access/access.decorators.js';
import { ClientGuard } from './client.guard.js';

/** Routes of Chatwoot's client API: whoever knows the inbox's identifier and the contact's source id is that contact. */
export const ClientRoutes = (path = ''): ClassDecorator => applyDecorators(Public(), UseGuards(ClientGuard), Controller(['public/api/v1/inboxes/:inbox_identifier', path].filter(Boolean).join('/')));
