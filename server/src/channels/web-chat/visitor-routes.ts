import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { Public } from '../../identity/access/access.decorators.js';
import { VisitorGuard } from './visitor.guard.js';

/** Routes of the chat below `api/v1/widget`: anybody may ask who names an inbox and, unless `tokenOptional`, shows the token they got from it. */
export const VisitorRoutes = (path = '', { tokenOptional = false } = {}): ClassDecorator => applyDecorators(
  Public(), UseGuards(VisitorGuard), ApiQuery({ name: 'website_token', type: String }), ApiHeader({ name: 'X-Auth-Token', required: !tokenOptional }),
  Controller(['api/v1/widget', path].filter(Boolean).join('/')),
);
