using AotCompiler.Emission;

namespace AotCompiler.Cli.Native.Packaging;

/// <summary>The files that CMake's <c>find_package(NAME CONFIG)</c> reads.</summary>
/// <remarks>See https://cmake.org/cmake/help/latest/manual/cmake-packages.7.html.</remarks>
internal static class CMakePackage
{
    /// <summary>
    /// Imported targets for the libraries that lie in the folder when a project is configured: <c>NAME::shared</c>,
    /// <c>NAME::static</c>, <c>NAME::object</c>, and <c>NAME::NAME</c> for the one to take by default.
    /// </summary>
    public static string Config(string name, string target)
    {
        string shared = OutputKind.Shared.FileName(name, target);
        string import = target.StartsWith("win-", System.StringComparison.Ordinal)
            ? $"\n    IMPORTED_IMPLIB \"${{_{name}_prefix}}/lib/{name}.lib\"\n    INTERFACE_COMPILE_DEFINITIONS {name.ToUpperInvariant()}_SHARED"
            : string.Empty;
        return $$"""
            # Targets: {{name}}::shared, {{name}}::static and {{name}}::object, as far as they were built, and {{name}}::{{name}}:
            # the static library if there is one and BUILD_SHARED_LIBS is off, else the shared one, else the object.
            cmake_minimum_required(VERSION 3.13)

            get_filename_component(_{{name}}_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

            if(EXISTS "${_{{name}}_prefix}/lib/{{shared}}" AND NOT TARGET {{name}}::shared)
              add_library({{name}}::shared SHARED IMPORTED)
              set_target_properties({{name}}::shared PROPERTIES
                IMPORTED_LOCATION "${_{{name}}_prefix}/lib/{{shared}}"
                IMPORTED_SONAME "{{shared}}"{{import}}
                INTERFACE_INCLUDE_DIRECTORIES "${_{{name}}_prefix}/include")
            endif()

            if(EXISTS "${_{{name}}_prefix}/lib/{{OutputKind.Static.FileName(name, target)}}" AND NOT TARGET {{name}}::static)
              add_library({{name}}::static STATIC IMPORTED)
              set_target_properties({{name}}::static PROPERTIES
                IMPORTED_LOCATION "${_{{name}}_prefix}/lib/{{OutputKind.Static.FileName(name, target)}}"
                INTERFACE_INCLUDE_DIRECTORIES "${_{{name}}_prefix}/include")
            endif()

            if(EXISTS "${_{{name}}_prefix}/lib/{{OutputKind.Object.FileName(name, target)}}" AND NOT TARGET {{name}}::object)
              add_library({{name}}::object INTERFACE IMPORTED)
              set_target_properties({{name}}::object PROPERTIES
                INTERFACE_LINK_LIBRARIES "${_{{name}}_prefix}/lib/{{OutputKind.Object.FileName(name, target)}}"
                INTERFACE_INCLUDE_DIRECTORIES "${_{{name}}_prefix}/include")
            endif()

            if(NOT TARGET {{name}}::{{name}})
              add_library({{name}}::{{name}} INTERFACE IMPORTED)
              if(TARGET {{name}}::static AND NOT (BUILD_SHARED_LIBS AND TARGET {{name}}::shared))
                set_property(TARGET {{name}}::{{name}} PROPERTY INTERFACE_LINK_LIBRARIES {{name}}::static)
              elseif(TARGET {{name}}::shared)
                set_property(TARGET {{name}}::{{name}} PROPERTY INTERFACE_LINK_LIBRARIES {{name}}::shared)
              elseif(TARGET {{name}}::object)
                set_property(TARGET {{name}}::{{name}} PROPERTY INTERFACE_LINK_LIBRARIES {{name}}::object)
              else()
                set({{name}}_FOUND FALSE)
                set({{name}}_NOT_FOUND_MESSAGE "there is no library {{name}} in ${_{{name}}_prefix}/lib")
              endif()
            endif()

            set({{name}}_WEIGHTS_FILE "${_{{name}}_prefix}/lib/{{name}}.weights")
            if(NOT EXISTS "${{{name}}_WEIGHTS_FILE}")
              unset({{name}}_WEIGHTS_FILE)
            endif()
            unset(_{{name}}_prefix)

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Which requested versions the library satisfies: those of the same major version, up to its own.</summary>
    public static string Version() => $$"""
        set(PACKAGE_VERSION "{{ModelEmitter.CompilerVersion}}")
        if(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
          set(PACKAGE_VERSION_COMPATIBLE FALSE)
        else()
          string(REGEX MATCH "^[0-9]+" _aotc_major "${PACKAGE_VERSION}")
          if(PACKAGE_FIND_VERSION_MAJOR STREQUAL _aotc_major OR NOT PACKAGE_FIND_VERSION)
            set(PACKAGE_VERSION_COMPATIBLE TRUE)
          else()
            set(PACKAGE_VERSION_COMPATIBLE FALSE)
          endif()
          if(PACKAGE_FIND_VERSION STREQUAL PACKAGE_VERSION)
            set(PACKAGE_VERSION_EXACT TRUE)
          endif()
          unset(_aotc_major)
        endif()

        """.ReplaceLineEndings("\n");
}
