import { Controller, Get, Injectable, type INestApplication } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import { Public } from '../identity/access/access.decorators.js';
import { VERSION } from '../platform/config/version.js';
import { buildOpenApi } from '../platform/http/openapi.js';

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
    return this.made ??= buildOpenApi(this.app, VERSION);
  }
}

@Public()
@ApiExcludeController()
@Controller('api/openapi.json')
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get()
  show(): OpenAPIObject {
    return this.document.get();
  }
}
