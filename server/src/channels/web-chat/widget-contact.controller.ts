import { Body, Get, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { answers } from '../../platform/http/answers.js';
import { IdentifyVisitor } from './identify-visitor.service.js';
import { VisitorRoutes } from './visitor-routes.js';
import { CurrentVisitor, type Visitor } from './visitor.js';
import { IdentifiedVisitor, RemoveAttributes, SetUser, UpdateVisitor, VisitorContact } from './widget-contact.dto.js';
import { WidgetLimits } from './widget-limits.service.js';
import { WidgetPresenter } from './widget.presenter.js';

/** Who the visitor is. */
@VisitorRoutes('contact')
export class WidgetContactController {
  constructor(private readonly identify: IdentifyVisitor, private readonly presenter: WidgetPresenter, private readonly limits: WidgetLimits) {}

  @Get()
  @answers(VisitorContact)
  async show(@CurrentVisitor() visitor: Visitor): Promise<VisitorContact> {
    return this.presenter.contact(await this.identify.current(visitor));
  }

  @Patch()
  @answers(IdentifiedVisitor)
  update(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: UpdateVisitor }) body: UpdateVisitor): Promise<z.infer<typeof IdentifiedVisitor>> {
    return this.write(visitor, request, body);
  }

  @Patch('set_user')
  @answers(IdentifiedVisitor)
  setUser(@CurrentVisitor() visitor: Visitor, @Req() request: FastifyRequest, @Body({ schema: SetUser }) body: z.infer<typeof SetUser>): Promise<z.infer<typeof IdentifiedVisitor>> {
    return this.write(visitor, request, body);
  }

  @Post('destroy_custom_attributes')
  @answers(VisitorContact)
  async removeAttributes(@CurrentVisitor() visitor: Visitor, @Body({ schema: RemoveAttributes }) body: z.infer<typeof RemoveAttributes>): Promise<VisitorContact> {
    return this.presenter.contact(await this.identify.removeAttributes(visitor, body.custom_attributes));
  }

  private async write(visitor: Visitor, request: FastifyRequest, body: UpdateVisitor): Promise<z.infer<typeof IdentifiedVisitor>> {
    await this.limits.contactChange(request);
    const { identity, newToken } = await this.identify.write(visitor, body);
    return { ...this.presenter.contact(identity), widget_auth_token: newToken };
  }
}
