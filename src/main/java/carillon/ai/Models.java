package carillon.ai;

import java.util.Optional;

/// The models that there are.
public final class Models {
    private final AdministratorModels administrators;

    public Models(AdministratorModels administrators) {
        this.administrators = administrators;
    }

    public Optional<Model> find(String name) {
        return administrators.find(name);
    }
}
