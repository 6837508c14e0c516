# The node-gyp route to the same CMake list (native/CMakeLists.txt): node-gyp runs the install script, which runs CMake.
{
  "targets": [
    {
      "target_name": "brevis",
      "type": "none",
      "actions": [
        {
          "action_name": "build_with_cmake",
          "inputs": ["native/CMakeLists.txt", "native/addon/addon.cpp"],
          "outputs": ["build/native/brevis.node"],
          "action": ["node", "scripts/install.js", "--required"]
        }
      ]
    }
  ]
}
