package io.upm.plugin.mysql.it;

import io.upm.spi.Password;
import io.upm.spi.action.ActionContext;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import java.util.Optional;

/** What an agent gives to an action beside a unit. */
class UnitContext implements ActionContext {
  private final Unit unit;

  UnitContext(Unit unit) {
    this.unit = unit;
  }

  @Override
  public Instance instance() {
    return unit.instance();
  }

  @Override
  public Accounts accounts() {
    return user -> Optional.ofNullable(unit.passwords().get(user)).map(Password::of);
  }

  @Override
  public ProcessRunner processes() {
    return unit.box();
  }

  @Override
  public void progress(Progress progress) {}

  @Override
  public boolean cancelled() {
    return false;
  }
}
