export { type ApiServer, type ApiServerOptions, startApiServer } from './api-server.ts'
export {
  type Controllers,
  type ControllersOptions,
  HttpSimulationClient,
  type ManifestSource,
  type ManifestSources,
  type ServerAccess,
  type SimulationClient,
  startControllers,
} from './controllers.ts'
export {
  type Fault,
  type ImageOptions,
  type ImageRegistry,
  type ImageRegistryOptions,
  type RegistryAuthentication,
  startImageRegistry,
} from './image-registry.ts'
export { EXTENSION_NAME } from './kubeconfig.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'
export { demonstrationWorld, MOVING_IMAGE, type World } from './world.ts'
