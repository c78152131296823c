import { Controller, Get, Injectable, Res, type INestApplication } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../identity/access/access.decorators.js';
import { apiDocument } from './api-document.js';
import { apiDocsPage } from './pages/api-docs.page.js';

/** The description of every route, made when somebody first asks: building it costs memory that most processes never need. */
@Injectable()
export class ApiDocument {
  private app: INestApplication | undefined;
  private made: OpenAPIObject | undefined;

  /** Names the application to describe. */
  describes(app: INestApplication): void {
    this.app = app;
  }

  get(): OpenAPIObject {
    if (!this.app) throw new Error('The API document does not know its application.');
    return this.made ??= apiDocument(this.app);
  }
}

@Public()
@ApiExcludeController()
@Controller('api')
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  show(): OpenAPIObject {
    return this.document.get();
  }

  /** The same for reading. It loads nothing and runs nothing. */
  @Get('docs')
  page(@Res() reply: FastifyReply): void {
    void reply.headers({ 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" })
      .send(apiDocsPage(this.document.get()));
  }
}
