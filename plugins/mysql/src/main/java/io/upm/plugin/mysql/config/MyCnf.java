package io.upm.plugin.mysql.config;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;

/** The templates of {@code my.cnf}, one for each release series. Safe for concurrent use. */
final class MyCnf {
  private static final String DIRECTORY = "io/upm/plugin/mysql/config/";

  private final PebbleEngine engine;

  MyCnf() {
    var loader = new ClasspathLoader(MyCnf.class.getClassLoader());
    loader.setPrefix(DIRECTORY);
    this.engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .autoEscaping(false)
            .strictVariables(true)
            .newLineTrimming(false)
            .defaultLocale(Locale.ROOT)
            .build();
  }

  /**
   * @param series name of a release series, such as {@code 8.4}
   */
  String render(String series, Map<String, Object> values) {
    PebbleTemplate template = engine.getTemplate("my-" + series + ".cnf.peb");
    Writer text = new StringWriter();
    try {
      template.evaluate(text, values, Locale.ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
