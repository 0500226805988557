package io.upm.testkit;

import io.upm.host.plugin.SigningKey;
import io.upm.host.plugin.TckReport;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.host.plugin.TckReport.Content;
import io.upm.spi.EnginePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Writes down what the contract found, as a report that goes into the zip. A capability is proven
 * when tests about it ran, all of them passed, and so did those about the plugin as a whole.
 */
final class TckRecorder implements InvocationInterceptor, BeforeAllCallback, AfterAllCallback {
  private static final Namespace SPACE = Namespace.create(TckRecorder.class);

  /** What the tests of a contract are about. */
  private static final Map<Class<?>, Set<Capability>> ABOUT =
      Map.of(
          DescriptorContract.class, EnumSet.allOf(Capability.class),
          StateContract.class, EnumSet.allOf(Capability.class),
          ConfigContract.class, EnumSet.of(Capability.CONFIG),
          LifecycleContract.class, EnumSet.of(Capability.LIFECYCLE),
          MetricsContract.class, EnumSet.of(Capability.LIFECYCLE),
          ActionContract.class, EnumSet.of(Capability.ACTIONS),
          TopologyContract.class, EnumSet.of(Capability.TOPOLOGY));

  /** Of one run of the contract. */
  private record Findings(
      Map<Class<?>, AtomicInteger> passed,
      Set<Class<?>> failed,
      AtomicReference<PluginUnderTest> subject) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getStore(SPACE)
        .put(
            Findings.class,
            new Findings(
                new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet(), new AtomicReference<>()));
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    remember(method, context);
    record(invocation, context);
  }

  @Override
  public <T> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    remember(method, context);
    // What it makes counts, not that it made it; but making it can fail.
    return watch(invocation, findings(context), contract(context));
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
      throws Throwable {
    record(invocation, context);
  }

  private static void remember(
      ReflectiveInvocationContext<Method> method, ExtensionContext context) {
    if (method.getTarget().orElse(null) instanceof PluginUnderTest subject) {
      findings(context).subject.set(subject);
    }
  }

  private static void record(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    Findings findings = findings(context);
    Class<?> contract = contract(context);
    watch(invocation, findings, contract);
    findings.passed.computeIfAbsent(contract, one -> new AtomicInteger()).incrementAndGet();
  }

  private static <T> T watch(Invocation<T> invocation, Findings findings, Class<?> contract)
      throws Throwable {
    try {
      return invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Throwable e) {
      findings.failed.add(contract);
      throw e;
    }
  }

  /** The interface that declares the test, also of one that a factory made. */
  private static Class<?> contract(ExtensionContext context) {
    Optional<ExtensionContext> at = Optional.of(context);
    while (at.isPresent() && at.get().getTestMethod().isEmpty()) {
      at = at.get().getParent();
    }
    return at.orElseThrow().getRequiredTestMethod().getDeclaringClass();
  }

  private static Findings findings(ExtensionContext context) {
    return Objects.requireNonNull(context.getStore(SPACE).get(Findings.class, Findings.class));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    String file = System.getProperty(EnginePluginContract.REPORT, "");
    PluginUnderTest subject = findings(context).subject.get();
    // With a zip it is too late for a report to be in it.
    if (!file.isEmpty()
        && System.getProperty(PackageContract.ZIP, "").isEmpty()
        && subject != null) {
      Path report = Path.of(file);
      Files.createDirectories(Objects.requireNonNull(report.toAbsolutePath().getParent()));
      Files.write(report, report(subject.plugin(), findings(context)).json());
      sign(report);
    }
  }

  /** A signature of an earlier run must not stay. */
  private static void sign(Path report) throws IOException {
    Path signature = report.resolveSibling(report.getFileName() + ".sig");
    String key = System.getProperty(EnginePluginContract.KEY, "");
    if (key.isEmpty()) {
      Files.deleteIfExists(signature);
    } else {
      Files.writeString(signature, SigningKey.read(Path.of(key)).sign(report));
    }
  }

  private static TckReport report(EnginePlugin plugin, Findings findings) throws IOException {
    var passed = new EnumMap<Capability, Integer>(Capability.class);
    for (Capability capability : Capability.values()) {
      int tests = proven(capability, findings);
      if (tests > 0 && has(plugin, capability)) {
        passed.put(capability, tests);
      }
    }
    return new TckReport(
        plugin.descriptor().engine(), EnginePlugin.SPI_VERSION, digest(plugin.getClass()), passed);
  }

  /** How many tests prove it; 0 when one that has to do with it failed, or none was about it. */
  private static int proven(Capability capability, Findings findings) {
    int own = 0;
    for (Map.Entry<Class<?>, Set<Capability>> about : ABOUT.entrySet()) {
      if (about.getValue().contains(capability)) {
        int passed = findings.passed.getOrDefault(about.getKey(), new AtomicInteger()).get();
        if (findings.failed.contains(about.getKey()) || passed == 0) {
          return 0;
        }
        own += about.getValue().size() == 1 ? passed : 0;
      }
    }
    return own;
  }

  /** What a plugin doesn't have can't be proven. */
  private static boolean has(EnginePlugin plugin, Capability capability) {
    return switch (capability) {
      case CONFIG, LIFECYCLE -> true;
      case ACTIONS -> !plugin.actions(Samples.agentContext()).isEmpty();
      case TOPOLOGY -> !plugin.topologies(Samples.runtimeContext()).isEmpty();
    };
  }

  /** Of the folder that the plugin's class lies in, which is what becomes {@code classes/}. */
  private static String digest(Class<?> plugin) throws IOException {
    Path root;
    try {
      root = Path.of(plugin.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(plugin + " lies nowhere", e);
    }
    var files = new TreeMap<String, Content>();
    try (var all = Files.walk(root)) {
      all.filter(Files::isRegularFile)
          .forEach(file ->
              files.put(
                  root.relativize(file).toString().replace('\\', '/'),
                  () -> Files.readAllBytes(file)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return TckReport.digest(files);
  }
}
